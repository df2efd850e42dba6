# SPDX-License-Identifier: BSD-2-Clause
#
# finish.cmake - CPack runs it when the packages are made
#
# CPack puts a postinst and a postrm that call ldconfig beside the trigger that does the same, and cannot be told not to.

foreach(package IN LISTS CPACK_PACKAGE_FILES)
    cmake_path(GET package FILENAME name)
    if(name MATCHES "^${CPACK_HELO_DEB_LIBRARY}_")
        set(tree ${CPACK_HELO_DEB_MADE}/again)
        file(REMOVE_RECURSE ${tree})
        execute_process(COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET COMMAND dpkg-deb --raw-extract ${package} ${tree})
        file(REMOVE ${tree}/DEBIAN/postinst ${tree}/DEBIAN/postrm)
        execute_process(COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET
            COMMAND dpkg-deb --root-owner-group --build ${tree} ${package})
    endif()
endforeach()
