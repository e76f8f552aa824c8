# Compile options of everything that is ours.
add_library(reel_options INTERFACE)
target_compile_options(reel_options INTERFACE
  -Wall -Wextra -Wshadow -Wold-style-cast -Werror)
# GCC 12 warns of memcpy inside std::string where there is none (GCC PR105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(reel_options INTERFACE -Wno-restrict)
endif()
target_include_directories(reel_options INTERFACE
  ${PROJECT_SOURCE_DIR}/src ${PROJECT_BINARY_DIR}/generated)
if(REEL_SANITIZE)
  target_compile_options(reel_options INTERFACE
    -fsanitize=${REEL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
    # AddressSanitizer sees these as well, and they are a fifth of the build. The
    # last one asks SOCI for type information that it does not have.
    -fno-sanitize=null,object-size,vptr
    # What the sanitizers add makes GCC see unset variables in <regex>.
    -Wno-maybe-uninitialized)
  target_link_options(reel_options INTERFACE -fsanitize=${REEL_SANITIZE})
endif()

# All programs of unit tests, and nothing else.
add_custom_target(unit_tests)

# A server that runs while tests do that need servers (tests/servers).
function(reel_test_server NAME)
  set(script ${PROJECT_SOURCE_DIR}/tests/servers/${NAME}.py)
  set(state ${PROJECT_BINARY_DIR}/servers/${NAME})
  foreach(action start stop)
    add_test(NAME server.${NAME}.${action}
      COMMAND ${Python3_EXECUTABLE} ${script} ${action} ${state})
  endforeach()
  set_tests_properties(server.${NAME}.start PROPERTIES
    FIXTURES_SETUP servers LABELS unit TIMEOUT 300)
  set_tests_properties(server.${NAME}.stop PROPERTIES
    FIXTURES_CLEANUP servers LABELS unit TIMEOUT 300)
endfunction()

# reel_library(NAME SOURCES file... DEPS target... TESTS file... [NEED_SERVERS])
#
# One library per folder of src/. NAME is the folder; TESTS are files of
# tests/unit/NAME/, built into one program, tests_NAME; some may talk to servers.
function(reel_library NAME)
  cmake_parse_arguments(ARG "NEED_SERVERS" "" "SOURCES;DEPS;TESTS" ${ARGN})
  if(ARG_SOURCES)
    add_library(reel_${NAME} STATIC ${ARG_SOURCES})
    target_link_libraries(reel_${NAME} PUBLIC ${ARG_DEPS} PRIVATE reel_options)
    target_include_directories(reel_${NAME} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  else()
    add_library(reel_${NAME} INTERFACE)
    target_link_libraries(reel_${NAME} INTERFACE ${ARG_DEPS})
  endif()
  if(ARG_TESTS AND BUILD_TESTING)
    list(TRANSFORM ARG_TESTS PREPEND ${PROJECT_SOURCE_DIR}/tests/unit/${NAME}/)
    add_executable(tests_${NAME} ${ARG_TESTS})
    target_link_libraries(tests_${NAME} PRIVATE
      reel_${NAME} reel_options reel_testing GTest::gmock GTest::gtest_main)
    add_dependencies(unit_tests tests_${NAME})
    set(servers "")
    if(ARG_NEED_SERVERS)
      set(servers FIXTURES_REQUIRED servers
          ENVIRONMENT REEL_TEST_SERVERS=${PROJECT_BINARY_DIR}/servers)
    endif()
    gtest_discover_tests(tests_${NAME} DISCOVERY_TIMEOUT 60
      PROPERTIES LABELS unit TIMEOUT 300 ${servers})
  endif()
endfunction()
