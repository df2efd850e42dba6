# SPDX-License-Identifier: BSD-2-Clause
#
# package.cmake - three Debian packages, by CPack; contrib/debian/build-deb.sh runs it
#
#   milter-helo   the filter, helocheck, the policy, the service
#   libhelo1      the library, by its soname
#   libhelo-dev   header, static library, manual
#
# What only Debian wants (compressed manuals, changelog,
# copyright, lists of symbols) stage.cmake adds to the trees that CPack has filled.

set(HELO_DEB_DIR ${CMAKE_CURRENT_LIST_DIR})
set(HELO_DEB_MADE ${PROJECT_BINARY_DIR}/contrib/debian)

# Everything in here is a conffile: what the site changes is kept, what it has not changed is replaced.
file(GLOB HELO_POLICY_FILES CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/etc
    ${PROJECT_SOURCE_DIR}/etc/*.yaml ${PROJECT_SOURCE_DIR}/etc/profiles/*.yaml ${PROJECT_SOURCE_DIR}/etc/data/*.yaml)
foreach(file IN LISTS HELO_POLICY_FILES)
    cmake_path(GET file PARENT_PATH folder)
    install(FILES etc/${file} DESTINATION ${HELO_ETC}/${folder})
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "The milter-helo authors <milter-helo@site.example>")
set(CPACK_DEBIAN_PACKAGE_HOMEPAGE "https://milter-helo.site.example/")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # or it would come before each of the descriptions below
set(CPACK_SET_DESTDIR ON)               # for what lies below /etc
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_OUTPUT_FILE_PREFIX ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PRE_BUILD_SCRIPTS ${HELO_DEB_DIR}/stage.cmake)
set(CPACK_POST_BUILD_SCRIPTS ${HELO_DEB_DIR}/finish.cmake)

set(CPACK_COMPONENTS_ALL filter library development)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_LIBRARY_OUTPUT_DIRECTORY})
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(HELO_DEB_VERSION ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})
set(HELO_DEB_LIBRARY libhelo${HELO_SOVERSION})

set(CPACK_DEBIAN_FILTER_PACKAGE_NAME milter-helo)
set(CPACK_DEBIAN_FILTER_PACKAGE_SECTION mail)
set(CPACK_DEBIAN_FILTER_PACKAGE_DEPENDS "${HELO_DEB_LIBRARY} (>= ${HELO_DEB_VERSION}), passwd")
set(CPACK_DEBIAN_FILTER_PACKAGE_RECOMMENDS publicsuffix)
# A mail server is not recommended: apt would install it in place of another that is there, as of Exim.
set(CPACK_DEBIAN_FILTER_PACKAGE_SUGGESTS "postfix | sendmail-bin | exim4-daemon-heavy, apparmor, logrotate")
set(CPACK_COMPONENT_FILTER_DESCRIPTION
    "mail filter that judges what SMTP clients say in HELO
A milter for Postfix and Sendmail. It takes what a client says of itself in
HELO or EHLO, asks the DNS about that name and the client's address, and
accepts, defers or rejects recipients as its policy says.
.
As installed it refuses nothing: it logs what it would have refused. This
package also has helocheck, which looks at policies and explains verdicts.")
set(CPACK_DEBIAN_FILTER_PACKAGE_CONTROL_EXTRA
    "${HELO_DEB_MADE}/conffiles;${HELO_DEB_DIR}/postinst;${HELO_DEB_DIR}/prerm;${HELO_DEB_DIR}/postrm")

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME ${HELO_DEB_LIBRARY})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION
    "library that judges what SMTP clients say in HELO
What milter-helo is built on: facts about a client's name and address from the
DNS, checks, and a policy that makes a verdict of them, for other programs.")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA "${HELO_DEB_MADE}/library/shlibs;${HELO_DEB_MADE}/library/symbols;${HELO_DEB_DIR}/triggers")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libhelo-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "${HELO_DEB_LIBRARY} (= ${HELO_DEB_VERSION}), \
libc-ares-dev, libyaml-dev, libpsl-dev, libpcre2-dev")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
    "library that judges what SMTP clients say in HELO (development)
Header, static library and manual of libhelo, which judges what SMTP clients
say in HELO.")

# For stage.cmake, which CPack runs with these and nothing else of ours.
foreach(name HELO_DEB_DIR HELO_DEB_MADE HELO_DEB_LIBRARY HELO_SOVERSION)
    set(CPACK_${name} ${${name}})
endforeach()
include(CPack)
