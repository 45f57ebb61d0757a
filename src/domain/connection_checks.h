#pragma once

#include <string>

#include "domain/connection.h"

namespace sluice {

// What the values of a connection's parameters must look like, one function a kind; `name` is the
// parameter. Each throws kInvalid that names the parameter and, but for secrets, the value; what is
// absent is fine. Those that take a `Connection&` bring the value into its one spelling.

/// A base address: scheme, host and port, nothing behind them.
void check_endpoint(Connection& connection, const std::string& name);
/// A secret of visible ASCII without spaces: anything else was pasted wrongly.
void check_key(const Connection& connection, const std::string& name);
/// `true` or `false`, also as 1 and 0 and in any case.
void check_flag(Connection& connection, const std::string& name);
/// One of kS3Providers.
void check_provider(Connection& connection);
/// One of the words, in their spelling; `words` are separated by spaces.
void check_word(const Connection& connection, const std::string& name, const std::string& words);
/// `arn:aws:iam::<account of 12 digits>:role/<path and name>` (AWS IAM User Guide, "IAM
/// identifiers"), also of the other partitions.
void check_role_arn(const Connection& connection, const std::string& name);
/// An e-mail address, as Google's accounts have one.
void check_account_email(const Connection& connection, const std::string& name);
/// The PEM text of an RSA key; line ends that came as `\n`, as in JSON, are made real ones.
void check_private_key(Connection& connection, const std::string& name);
/// What S3 is told about each object: encryption, key, storage class, ACL.
void check_object_settings(const Connection& connection);
/// One folder name.
void check_root(Connection& connection);

}  // namespace sluice
