# Puts every migrations/NNNN_name.sql into one generated source file.
file(GLOB migration_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/migrations/*.sql)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${migration_files})
set(MIGRATION_ROWS "")
foreach(file ${migration_files})
  get_filename_component(name ${file} NAME)
  file(READ ${file} text)
  string(APPEND MIGRATION_ROWS "    {\"${name}\", R\"~sql~(${text})~sql~\"},\n")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/migrations.cpp @ONLY CONTENT
"#include \"state/migrations.h\"

namespace sluice {

const std::vector<Migration>& migrations() {
  static const std::vector<Migration> all = {
@MIGRATION_ROWS@  };
  return all;
}

}  // namespace sluice
")
