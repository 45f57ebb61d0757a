#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "door/http_message.h"

namespace sluice {

/// The parameters of a call, wherever they travelled: query string, form fields (url-encoded or
/// multipart) or the top level of a JSON object. The query string wins; the same key twice in one
/// place is kInvalid, and so is text that is not UTF-8 or not well encoded. `scope` alone may come
/// several times (see `texts`).
class Parameters {
 public:
  /// Those of the query string alone.
  static Parameters of_query(const DoorRequest& request);
  /// Adds those of the body. With `raw_fields`, a body that is neither JSON nor multipart, nor
  /// begins as a form (`name=`), is left alone (see `body`). With `data` that name has to be one of
  /// them, and JSON is left alone, too, and so are the files of a form and what is too long for a
  /// parameter: those are rows, which the handler takes from the request (`body_range`).
  void add_body(const DoorRequest& request, const std::set<std::string>& raw_fields = {},
                bool data = false);

  /// The value as text (numbers and booleans as JSON writes them); absent where there is none or it
  /// is null. Throws kInvalid where it is a list or an object.
  std::optional<std::string> text(const std::string& name) const;
  /// Each text of `scope`, as it was repeated in one place, or as a list of JSON. Objects in such a
  /// list stay as JSON writes them.
  std::vector<std::string> texts(const std::string& name) const;
  /// `text`, but absent and empty is kInvalid; `why` says what it is for.
  std::string required(const std::string& name, const std::string& why) const;
  /// true/1/yes and false/0/no; anything else is kInvalid.
  bool flag(const std::string& name) const;
  /// Throws kInvalid unless every value given for it, also one that another place's wins over, is a
  /// whole number from 0 (or empty), or what `flag` takes.
  void check_number(const std::string& name) const;
  void check_flag(const std::string& name) const;
  /// A value of a JSON body that is no text; null where there is none.
  const nlohmann::json* structure(const std::string& name) const;

  /// Every key there is but those that clients add for themselves (`cli_version`, `__tb__*`,
  /// `from`, `debug`) and `token`.
  std::set<std::string> names() const;
  /// Throws kInvalid that names the keys which are not among `known`.
  void refuse_others(const std::set<std::string>& known) const;

  /// Whether the body was a form, url-encoded or of parts.
  bool body_is_form() const { return body_is_form_; }
  /// A body that held no parameters, as it came.
  const std::string& body() const { return body_; }

 private:
  /// The value from each place that has one, the one that counts last.
  std::vector<std::string> given(const std::string& name) const;
  void read_form(std::string_view form);
  void read_parts(const DoorRequest& request, bool data);
  void read_json(const std::string& body);

  std::map<std::string, std::vector<std::string>> query_;
  std::map<std::string, std::vector<std::string>> form_;
  nlohmann::json json_ = nlohmann::json::object();
  std::string body_;
  bool body_is_form_ = false;
};

/// Undoes percent-encoding (and `+` for a space, in forms and queries). Throws kInvalid.
std::string percent_decode(std::string_view text, bool plus_is_space);

}  // namespace sluice
