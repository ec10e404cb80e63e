# SPDX-License-Identifier: MIT
# Installs the library, its headers, and the package files for find_package(salient) and pkg-config. Components are those
# of the Debian packages: library, development, programs.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS salient EXPORT salientTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library NAMELINK_COMPONENT development
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(FILES apps/c/salient.py DESTINATION share/salient COMPONENT development)

if(TARGET salient-explainer)
  install(TARGETS salient-explainer EXPORT salientTargets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
endif()
if(TARGET salient-import)
  # Exported as salient::import, for salient_add_network, in a file of its own: the development package does not need it.
  set_target_properties(salient-import PROPERTIES EXPORT_NAME import)
  install(TARGETS salient-import EXPORT salientImportTargets RUNTIME COMPONENT programs)
  install(EXPORT salientImportTargets NAMESPACE salient:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/salient
    COMPONENT programs)
endif()

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/salient)
install(EXPORT salientTargets NAMESPACE salient:: DESTINATION ${package} COMPONENT development)
configure_package_config_file(cmake/salientConfig.cmake.in ${PROJECT_BINARY_DIR}/salientConfig.cmake
  INSTALL_DESTINATION ${package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/salientConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/salientConfig.cmake ${PROJECT_BINARY_DIR}/salientConfigVersion.cmake
    cmake/salientPrograms.cmake
  DESTINATION ${package} COMPONENT development)

# What a program that links the static library needs besides: `pkg-config --static`. The shared library has linked it, and
# a description that named it would need the development packages of all.
set(pc_private "")
if(NOT BUILD_SHARED_LIBS)
  set(pc_private "Requires.private: zlib, libpng, libjpeg, libhwy\nLibs.private: ${CMAKE_THREAD_LIBS_INIT}")
  if(SALIENT_WITH_CUDA)
    string(APPEND pc_private " -L${CUDAToolkit_LIBRARY_DIR} -lcudart_static -ldl -lrt")
  endif()
endif()
# Paths relative to the .pc file, so that the installed tree may be moved.
file(RELATIVE_PATH pc_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" pc_prefix ${pc_prefix})
configure_file(cmake/salient.pc.in ${PROJECT_BINARY_DIR}/salient.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/salient.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)

include(cmake/packages.cmake)
