# SPDX-License-Identifier: MIT
# Installs the library, its headers, and the package files for find_package(salient).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS salient EXPORT salientTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/salient DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

if(TARGET salient-explainer)
  install(TARGETS salient-explainer EXPORT salientTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()
if(TARGET salient-import)
  # Exported as salient::import, for salient_add_network.
  set_target_properties(salient-import PROPERTIES EXPORT_NAME import)
  install(TARGETS salient-import EXPORT salientTargets)
endif()

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/salient)
install(EXPORT salientTargets NAMESPACE salient:: DESTINATION ${package})
configure_package_config_file(cmake/salientConfig.cmake.in ${PROJECT_BINARY_DIR}/salientConfig.cmake
  INSTALL_DESTINATION ${package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/salientConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/salientConfig.cmake ${PROJECT_BINARY_DIR}/salientConfigVersion.cmake
    cmake/salientPrograms.cmake
  DESTINATION ${package})
