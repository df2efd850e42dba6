# SPDX-License-Identifier: BSD-2-Clause
#
# builtin.cmake - the files of etc/profiles and etc/data as a C file, policy/builtin.c.in filled in
#
# helo_builtin(OUTPUT) writes OUTPUT when it would change. It is done while CMake configures, with nothing but CMake: a
# file that is edited, added or removed makes the next build configure anew. The glob is on purpose: a profile is a file
# and nothing else, so a new one needs no line here, and CONFIGURE_DEPENDS looks for it at every build.
# Texts are written as numbers: a string of C may have 4095 characters only, and would need escapes.

function(helo_builtin output)
    set(texts)
    set(number 0)
    foreach(folder profiles data)
        set(rows)
        file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/etc/${folder}/*.yaml)
        foreach(file ${files})
            set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
            get_filename_component(name ${file} NAME_WE)
            file(READ ${file} bytes HEX)
            string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
            string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
            string(APPEND texts "static const uint8_t text_${number}[] = {\n${bytes}0};\n")
            string(APPEND rows "    {\"${name}\", \"built-in ${folder}/${name}.yaml\", (const char *)text_${number},\n"
                               "     sizeof(text_${number}) - 1},\n")
            math(EXPR number "${number} + 1")
        endforeach()
        string(TOUPPER ${folder} upper)
        set(HELO_BUILTIN_${upper} "${rows}")
    endforeach()
    set(HELO_BUILTIN_TEXTS "${texts}")
    configure_file(${PROJECT_SOURCE_DIR}/lib/policy/builtin.c.in ${output} @ONLY)
endfunction()
