# cmake -DFROM=<this folder> -DTO=<folder> -P install.cmake: what callers use, ready to run in TO.
file(MAKE_DIRECTORY "${TO}")
file(GLOB scripts "${FROM}/*.mjs")
file(COPY ${scripts} "${FROM}/package.json" "${FROM}/package-lock.json" DESTINATION "${TO}")

# npm takes seconds and asks its registry: only when the lockfile is another one.
file(SHA256 "${TO}/package-lock.json" wanted)
set(installed "")
if(EXISTS "${TO}/installed")
  file(READ "${TO}/installed" installed)
endif()
if(installed STREQUAL wanted)
  return()
endif()
execute_process(COMMAND npm ci --ignore-scripts --no-audit --no-fund
                WORKING_DIRECTORY "${TO}"
                RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "npm ci: ${failed}")
endif()
file(WRITE "${TO}/installed" "${wanted}")
