# SPDX-License-Identifier: BSD-2-Clause
#
# stage.cmake - what Debian wants of a package's tree; CPack runs it when it has filled the trees
#
# The tree of a component is CPACK_TEMPORARY_INSTALL_DIRECTORY/COMPONENT.

set(tree_of_filter ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/filter)
set(tree_of_library ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/library)
set(tree_of_development ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/development)
set(package_of_filter milter-helo)
set(package_of_library ${CPACK_HELO_DEB_LIBRARY})
set(package_of_development libhelo-dev)

function(run)
    execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

foreach(component filter library development)
    set(doc ${tree_of_${component}}/usr/share/doc/${package_of_${component}})
    file(MAKE_DIRECTORY ${doc})
    file(COPY_FILE ${CPACK_HELO_DEB_DIR}/changelog ${doc}/changelog.Debian)
    file(COPY_FILE ${CPACK_HELO_DEB_DIR}/copyright ${doc}/copyright)
    file(GLOB manuals ${tree_of_${component}}/usr/share/man/man*/*)
    run(gzip -9nf ${doc}/changelog.Debian ${manuals})
    file(GLOB overrides ${CPACK_HELO_DEB_DIR}/${component}.lintian-overrides)
    if(overrides)
        file(MAKE_DIRECTORY ${tree_of_${component}}/usr/share/lintian/overrides)
        file(COPY_FILE ${overrides} ${tree_of_${component}}/usr/share/lintian/overrides/${package_of_${component}})
    endif()
endforeach()

# As dh_strip does.
set(needless --remove-section=.comment --remove-section=.note)
file(GLOB programs ${tree_of_filter}/usr/bin/* ${tree_of_filter}/usr/sbin/*)
file(GLOB modules ${tree_of_filter}/usr/lib/*.so ${tree_of_filter}/usr/lib/*/*.so)
file(GLOB library ${tree_of_library}/usr/lib/*/libhelo.so.*.*)
file(GLOB archives ${tree_of_development}/usr/lib/*/*.a)
run(strip ${needless} ${programs})
run(strip --strip-unneeded ${needless} ${library} ${modules})
run(strip --strip-debug --enable-deterministic-archives ${needless} ${archives})

file(GLOB_RECURSE conffiles RELATIVE ${tree_of_filter} ${tree_of_filter}/etc/*)
list(SORT conffiles)
list(TRANSFORM conffiles PREPEND "/")
list(JOIN conffiles "\n" conffiles)
file(WRITE ${CPACK_HELO_DEB_MADE}/conffiles "${conffiles}\n")

# dpkg-gensymbols reads debian/control of a source package, of which it needs the names alone.
set(scratch ${CPACK_HELO_DEB_MADE}/library)
file(MAKE_DIRECTORY ${scratch}/debian)
file(WRITE ${scratch}/debian/control "Source: milter-helo\n\nPackage: ${package_of_library}\nArchitecture: any\n")
execute_process(WORKING_DIRECTORY ${scratch} COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET
    COMMAND dpkg-gensymbols -q -p${package_of_library} -v${CPACK_PACKAGE_VERSION} -P${tree_of_library} -e${library}
        -O${scratch}/symbols)
file(READ ${scratch}/symbols symbols)
string(REPLACE " #MINVER#\n" " #MINVER#\n* Build-Depends-Package: libhelo-dev\n" symbols "${symbols}")
file(WRITE ${scratch}/symbols "${symbols}")
file(WRITE ${scratch}/shlibs "libhelo ${CPACK_HELO_SOVERSION} ${package_of_library} (>= ${CPACK_PACKAGE_VERSION})\n")

# Nobody but root writes, whatever the umask of who builds is.
run(chmod -R u=rwX,go=rX ${tree_of_filter} ${tree_of_library} ${tree_of_development})
