# SPDX-License-Identifier: BSD-2-Clause
#
# install.cmake - the files of this folder, into a place where the site edits them
#
# Run by `cmake --install`, with HELO_ETC (an absolute path, to which DESTDIR is put before) and HELO_SAMPLES (this
# folder). Each file is laid there twice: as FILE.sample, which is always the new one, and as FILE, which is in force.
# A FILE that is the same as the former FILE.sample was not edited, and becomes the new one; one that the site has
# changed stays, and so does one without a sample beside it, whoever wrote it.

file(GLOB files RELATIVE "${HELO_SAMPLES}"
    "${HELO_SAMPLES}/*.yaml" "${HELO_SAMPLES}/profiles/*.yaml" "${HELO_SAMPLES}/data/*.yaml")
foreach(file IN LISTS files)
    cmake_path(GET file PARENT_PATH folder)
    cmake_path(GET file FILENAME name)
    set(there "$ENV{DESTDIR}${HELO_ETC}/${file}")
    set(site_has_it FALSE)
    if(EXISTS "${there}" AND EXISTS "${there}.sample")
        file(SHA256 "${there}" in_force)
        file(SHA256 "${there}.sample" former)
        if(NOT in_force STREQUAL former)
            set(site_has_it TRUE)
        endif()
    elseif(EXISTS "${there}")
        set(site_has_it TRUE)
    endif()
    # file(INSTALL) would leave alone what has the same time.
    file(REMOVE "${there}.sample")
    if(NOT site_has_it)
        file(REMOVE "${there}")
        file(INSTALL "${HELO_SAMPLES}/${file}" DESTINATION "${HELO_ETC}/${folder}")
    endif()
    file(INSTALL "${HELO_SAMPLES}/${file}" DESTINATION "${HELO_ETC}/${folder}" RENAME "${name}.sample")
endforeach()
