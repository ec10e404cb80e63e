# SPDX-License-Identifier: MIT
# Debian packages by CPack: `cpack -G DEB` in a build with BUILD_SHARED_LIBS and the prefix /usr. sh cmake/package.sh
# builds and tries them.
# Who answers for the packages. The default reaches nobody: no host can have a name under .example (RFC 2606).
set(SALIENT_PACKAGE_MAINTAINER "salient maintainers <maintainers@salient.example>" CACHE STRING
  "Maintainer of the packages, as Name <address>")
set(abi ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
set(CPACK_PACKAGE_CONTACT ${SALIENT_PACKAGE_MAINTAINER})
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL library development)
if(SALIENT_BUILD_APPS)
  list(APPEND CPACK_COMPONENTS_ALL programs)
endif()
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/src)

set(name_library libsalient${abi})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY >=)
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION "Saliency maps say which pixels of a picture a classifier's answer rests on.
This is the shared library, for programs that were compiled with libsalient-dev.")

set(name_development libsalient-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
# Boost.Hana is in salient's headers.
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "${name_library} (= ${PROJECT_VERSION}), libboost-dev (>= 1.74)")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS "salient, cmake, pkg-config")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "These are headers, and files for CMake and pkg-config, to compile networks in
C++20 and to make C libraries of them.")

set(name_programs salient)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_DEPENDS "${name_library} (= ${PROJECT_VERSION})")
set(CPACK_COMPONENT_PROGRAMS_DESCRIPTION "These are programs that explain classifiers of digits by each method, that
measure methods, and salient-import, which turns an ONNX file into a C++ header.")

foreach(component IN LISTS CPACK_COMPONENTS_ALL)
  string(TOUPPER ${component} upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${name_${component}})
  # EXCLUDE_FROM_ALL: only a package wants them where Debian does.
  install(FILES LICENSE DESTINATION share/doc/${name_${component}} RENAME copyright COMPONENT ${component}
    EXCLUDE_FROM_ALL)
endforeach()
install(FILES cmake/packaging/CHANGELOG.md DESTINATION share/doc/libsalient-dev COMPONENT development EXCLUDE_FROM_ALL)
include(CPack)
