# A room is a folder of src/ built as one static library; FLOOR and USES are the map of who may
# include whom (tests/style checks the includes against the same floors).
function(sluice_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  set(sources ${ROOM_SOURCES})
  list(TRANSFORM sources PREPEND src/${name}/)
  add_library(sluice_${name} STATIC ${sources})
  target_include_directories(sluice_${name} PUBLIC src)
  list(TRANSFORM ROOM_USES PREPEND sluice_)
  target_link_libraries(sluice_${name} PUBLIC ${ROOM_USES} PRIVATE ${ROOM_LIBRARIES} sluice_flags)
endfunction()

# The same options for the end-to-end suite stand in tests/e2e/support/sanitizers.py.
set(sanitizer_properties)
if(SLUICE_SANITIZE STREQUAL "thread")
  set(sanitizer_properties ENVIRONMENT
    "TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/tsan.supp:print_suppressions=0:second_deadlock_stack=1")
elseif(SLUICE_SANITIZE)
  # Without it undefined behaviour is printed, and the test passes.
  set(sanitizer_properties ENVIRONMENT "UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1")
endif()

# The unit tests of a room: one GoogleTest executable, one CTest case per GoogleTest case.
function(sluice_tests name)
  cmake_parse_arguments(TESTS "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  set(sources ${TESTS_SOURCES})
  list(TRANSFORM sources PREPEND tests/${name}/)
  add_executable(test_${name} ${sources})
  target_include_directories(test_${name} PRIVATE src tests)
  list(TRANSFORM TESTS_USES PREPEND sluice_)
  target_link_libraries(test_${name} PRIVATE ${TESTS_USES} ${TESTS_LIBRARIES} sluice_flags GTest::gmock
                                             GTest::gtest GTest::gtest_main)
  target_compile_definitions(test_${name} PRIVATE SLUICE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  gtest_discover_tests(test_${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300 ${sanitizer_properties})
endfunction()
