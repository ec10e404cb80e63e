# SPDX-License-Identifier: MIT
# cmake -DROOT=repository -P includes.cmake
#
# Who may include whom. Folders see those to their left, in include/salient and src alike:
#   core > device > kernel > layer > graph > method      io and view see core alone; train sees graph
# Third parties are let in one by one.
cmake_minimum_required(VERSION 3.25)

set(core_sees core)
set(device_sees core device)
set(kernel_sees core device kernel)
set(layer_sees core device kernel layer)
set(graph_sees core device kernel layer graph)
set(method_sees core device kernel layer graph method)
set(train_sees core device kernel layer graph train)
set(io_sees core io)
set(view_sees core view)

# Third party, where it may stand.
set(third_parties Eigen boost png.h zlib.h nlohmann)
set(Eigen_header "Eigen/")
set(Eigen_in "^(src/kernel/|src/device/|include/salient/io/eigen\\.hpp$)")
set(boost_header "boost/")
set(boost_in "^(include/salient/graph/|include/salient/method/)")
set(png.h_header "png\\.h$")
set(png.h_in "^src/io/")
set(zlib.h_header "zlib\\.h$")
set(zlib.h_in "^src/io/")
set(nlohmann_header "nlohmann/")
set(nlohmann_in "^src/io/")

set(offences "")

file(GLOB_RECURSE files RELATIVE ${ROOT} ${ROOT}/include/*.hpp ${ROOT}/src/*.hpp ${ROOT}/src/*.cpp)
foreach(file IN LISTS files)
  string(REGEX MATCH "^(include/salient|src)/([a-z]+)/" own "${file}")
  set(own ${CMAKE_MATCH_2})
  file(STRINGS ${ROOT}/${file} lines REGEX "^ *# *include")
  foreach(line IN LISTS lines)
    if(own AND line MATCHES "\"(salient/)?([a-z_]+)(/[a-z_/]+)?\\.hpp\"")
      set(seen ${CMAKE_MATCH_2})
      if(NOT seen IN_LIST ${own}_sees)
        string(APPEND offences "${file}: ${own} may not see ${seen}: ${line}\n")
      endif()
    elseif(line MATCHES "<([^>]*)>")
      set(header ${CMAKE_MATCH_1})
      foreach(party IN LISTS third_parties)
        if(header MATCHES "${${party}_header}" AND NOT file MATCHES "${${party}_in}")
          string(APPEND offences "${file}: ${party} has no place here: ${line}\n")
        endif()
      endforeach()
      if(file MATCHES "^include/" AND header MATCHES "[/.]" AND NOT header MATCHES "^(boost/hana[/.]|unsupported/Eigen/|Eigen/)")
        string(APPEND offences "${file}: public headers include the standard library and Hana only: ${line}\n")
      endif()
    endif()
  endforeach()

  # Eigen by name, even without an include.
  if(NOT file MATCHES "${Eigen_in}")
    file(STRINGS ${ROOT}/${file} named REGEX "Eigen::|EIGEN_")
    foreach(line IN LISTS named)
      string(APPEND offences "${file}: Eigen has no place here: ${line}\n")
    endforeach()
  endif()
endforeach()

# Programs are users: they see public headers and their own, nothing of src.
file(GLOB_RECURSE files RELATIVE ${ROOT} ${ROOT}/apps/*.hpp ${ROOT}/apps/*.cpp)
foreach(file IN LISTS files)
  file(STRINGS ${ROOT}/${file} lines REGEX "^ *# *include *\"(core|device|kernel|layer|graph|method|io|view|train)/")
  foreach(line IN LISTS lines)
    string(APPEND offences "${file}: a program sees public headers only: ${line}\n")
  endforeach()
endforeach()

if(offences)
  message(FATAL_ERROR "${offences}")
endif()
