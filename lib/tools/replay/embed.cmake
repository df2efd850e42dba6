# SPDX-License-Identifier: BSD-2-Clause
#
# embed.cmake - replay/style.css as a C file, with its hash for the page's Content-Security-Policy
#
# helocheck_embed(OUTPUT) writes OUTPUT when it would change; done while CMake configures, as lib/policy/builtin.cmake
# does it, and with nothing but CMake. The text is written as numbers: a string of C may have 4095 characters only.

# The base64 (RFC 4648) of bytes in hexadecimal, for CSP level 3, 2.3.1.
function(helocheck_base64 hex out)
    set(letters ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/)
    string(LENGTH "${hex}" digits)
    set(text)
    set(at 0)
    while(at LESS digits)
        # Three bytes are four letters; what is missing at the end counts as 0, and as "=".
        string(SUBSTRING "${hex}00000" ${at} 6 three)
        foreach(shift 18 12 6 0)
            math(EXPR letter "(0x${three} >> ${shift}) & 63")
            string(SUBSTRING ${letters} ${letter} 1 letter)
            string(APPEND text ${letter})
        endforeach()
        math(EXPR at "${at} + 6")
    endwhile()
    math(EXPR missing "(${at} - ${digits}) / 2")
    string(LENGTH "${text}" length)
    math(EXPR length "${length} - ${missing}")
    string(SUBSTRING "${text}" 0 ${length} text)
    string(REPEAT "=" ${missing} padding)
    set(${out} "${text}${padding}" PARENT_SCOPE)
endfunction()

function(helocheck_embed output)
    set(file ${CMAKE_CURRENT_SOURCE_DIR}/replay/style.css)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(SHA256 ${file} hex)
    helocheck_base64(${hex} HELO_STYLE_HASH)
    file(READ ${file} bytes HEX)
    string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    set(HELO_STYLE_BYTES "${bytes}")
    configure_file(${CMAKE_CURRENT_SOURCE_DIR}/replay/style.c.in ${output} @ONLY)
endfunction()
