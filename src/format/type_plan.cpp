#include "format/type_plan.h"

#include <algorithm>

#include "format/column_types.h"

namespace sluice {

std::vector<CastColumn> guess_types(const std::vector<ColumnInfo>& columns, const Batch& first) {
  ValueSurvey values(columns.size());
  values.look_at(first);
  std::vector<CastColumn> casts;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].type) {
      casts.push_back({columns[i].name, *columns[i].type, TypeOrigin::kEngine});
      continue;
    }
    const std::optional<ColumnType> declared = declared_type(columns[i].declared_type);
    casts.push_back({columns[i].name, declared.value_or(values.type_of(i)),
                     declared ? TypeOrigin::kDeclared : TypeOrigin::kGuessed});
  }
  return casts;
}

std::vector<CastColumn> survey_types(const std::vector<ColumnInfo>& columns, const NextBatch& next,
                                     TypeMismatch policy) {
  if (std::all_of(columns.begin(), columns.end(), [](const auto& each) { return each.type; })) {
    return guess_types(columns, Batch());
  }
  const bool to_text = policy == TypeMismatch::kString;
  ValueSurvey values(columns.size());
  std::vector<std::optional<ColumnType>> declared;
  declared.reserve(columns.size());
  for (const ColumnInfo& column : columns) declared.push_back(declared_type(column.declared_type));
  std::vector<bool> fits(columns.size(), true);
  Batch batch;
  while (next(batch)) {
    values.look_at(batch);
    for (size_t i = 0; to_text && i < columns.size(); ++i) {
      if (declared[i] && fits[i]) fits[i] = all_fit(batch, i, *declared[i]);
    }
  }
  std::vector<CastColumn> casts;
  for (size_t i = 0; i < columns.size(); ++i) {
    ColumnType type = declared[i].value_or(values.type_of(i));
    if (to_text && (declared[i] ? !fits[i] : values.mixes_big_integers(i))) {
      type = {ColumnKind::kText};
    }
    const bool keeps_policy = declared[i] && !to_text;
    casts.push_back(
        {columns[i].name, type, keeps_policy ? TypeOrigin::kDeclared : TypeOrigin::kSurveyed});
  }
  return casts;
}

}  // namespace sluice
