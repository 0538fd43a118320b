# How everything here is compiled and linked.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

add_library(gateway_flags INTERFACE)
target_include_directories(gateway_flags INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(gateway_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -fdiagnostics-color=auto)
# g++ 12 sees overlaps where std::string's operator+ has none (GCC bug 105651).
target_compile_options(gateway_flags INTERFACE -Wno-restrict)
# And takes the allocator of an inlined coroutine frame for a mismatch.
target_compile_options(gateway_flags INTERFACE -Wno-mismatched-new-delete)
if(GATEWAY_WARNINGS_ARE_ERRORS)
  target_compile_options(gateway_flags INTERFACE -Werror)
endif()

# Both in the same build directory, so that the counts are beside the objects that they are of.
if(GATEWAY_PGO STREQUAL "train")
  target_compile_options(gateway_flags INTERFACE -fprofile-generate -fprofile-update=prefer-atomic)
  target_link_options(gateway_flags INTERFACE -fprofile-generate)
elseif(GATEWAY_PGO STREQUAL "use")
  target_compile_options(gateway_flags INTERFACE -fprofile-use -fprofile-partial-training -fprofile-correction
                         -Wno-missing-profile -Wno-coverage-mismatch)
endif()

# Only what says its version has to be compiled again when that changes.
add_library(gateway_version INTERFACE)
target_compile_definitions(gateway_version INTERFACE GATEWAY_VERSION="${PROJECT_VERSION}")

# ccache makes a second build cheap, mold a link short; both are used only when found.
find_program(GATEWAY_CCACHE ccache)
if(GATEWAY_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${GATEWAY_CCACHE}")
endif()

foreach(linker mold lld gold)
  find_program(GATEWAY_LINKER_${linker} NAMES ld.${linker})
  if(GATEWAY_LINKER_${linker})
    add_link_options(-fuse-ld=${linker})
    break()
  endif()
endforeach()
add_link_options(-Wl,--as-needed)
