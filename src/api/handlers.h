#pragma once

#include "api/api.h"

namespace sluice {

// One function a route; see route_table.cpp for which. Each throws `Error`.

DoorResponse get_health(const ApiParts& parts, const ApiCall& call);

DoorResponse list_pipes(const ApiParts& parts, const ApiCall& call);
DoorResponse create_pipe(const ApiParts& parts, const ApiCall& call);
DoorResponse get_pipe(const ApiParts& parts, const ApiCall& call);
DoorResponse get_pipe_text(const ApiParts& parts, const ApiCall& call);
DoorResponse change_pipe(const ApiParts& parts, const ApiCall& call);
DoorResponse delete_pipe(const ApiParts& parts, const ApiCall& call);

DoorResponse add_node(const ApiParts& parts, const ApiCall& call);
DoorResponse get_node(const ApiParts& parts, const ApiCall& call);
DoorResponse change_node(const ApiParts& parts, const ApiCall& call);
DoorResponse delete_node(const ApiParts& parts, const ApiCall& call);
DoorResponse publish_endpoint(const ApiParts& parts, const ApiCall& call);
DoorResponse unpublish_endpoint(const ApiParts& parts, const ApiCall& call);
DoorResponse unlink_materialization(const ApiParts& parts, const ApiCall& call);
DoorResponse end_copy(const ApiParts& parts, const ApiCall& call);

DoorResponse run_sql(const ApiParts& parts, const ApiCall& call);
DoorResponse call_endpoint(const ApiParts& parts, const ApiCall& call);

DoorResponse set_sink(const ApiParts& parts, const ApiCall& call);
DoorResponse change_sink(const ApiParts& parts, const ApiCall& call);
DoorResponse delete_sink(const ApiParts& parts, const ApiCall& call);
DoorResponse run_sink(const ApiParts& parts, const ApiCall& call);
DoorResponse preview_sink(const ApiParts& parts, const ApiCall& call);

DoorResponse get_schedule(const ApiParts& parts, const ApiCall& call);
DoorResponse change_schedule(const ApiParts& parts, const ApiCall& call);
DoorResponse pause_schedule(const ApiParts& parts, const ApiCall& call);
DoorResponse resume_schedule(const ApiParts& parts, const ApiCall& call);
DoorResponse preview_schedule(const ApiParts& parts, const ApiCall& call);

DoorResponse start_backfill(const ApiParts& parts, const ApiCall& call);
DoorResponse list_backfills(const ApiParts& parts, const ApiCall& call);
DoorResponse get_backfill(const ApiParts& parts, const ApiCall& call);
DoorResponse cancel_backfill(const ApiParts& parts, const ApiCall& call);

DoorResponse list_jobs(const ApiParts& parts, const ApiCall& call);
DoorResponse get_job(const ApiParts& parts, const ApiCall& call);
DoorResponse get_job_files(const ApiParts& parts, const ApiCall& call);
DoorResponse cancel_job(const ApiParts& parts, const ApiCall& call);
DoorResponse verify_job(const ApiParts& parts, const ApiCall& call);

DoorResponse get_job_events(const ApiParts& parts, const ApiCall& call);

DoorResponse create_webhook(const ApiParts& parts, const ApiCall& call);
DoorResponse list_webhooks(const ApiParts& parts, const ApiCall& call);
DoorResponse get_webhook(const ApiParts& parts, const ApiCall& call);
DoorResponse delete_webhook(const ApiParts& parts, const ApiCall& call);
DoorResponse test_webhook(const ApiParts& parts, const ApiCall& call);

DoorResponse list_tokens(const ApiParts& parts, const ApiCall& call);
DoorResponse create_token(const ApiParts& parts, const ApiCall& call);
DoorResponse get_token(const ApiParts& parts, const ApiCall& call);
DoorResponse change_token(const ApiParts& parts, const ApiCall& call);
DoorResponse refresh_token(const ApiParts& parts, const ApiCall& call);
DoorResponse delete_token(const ApiParts& parts, const ApiCall& call);

DoorResponse list_connections(const ApiParts& parts, const ApiCall& call);
DoorResponse create_connection(const ApiParts& parts, const ApiCall& call);
DoorResponse get_connection(const ApiParts& parts, const ApiCall& call);
DoorResponse get_connection_text(const ApiParts& parts, const ApiCall& call);
DoorResponse test_connection(const ApiParts& parts, const ApiCall& call);
DoorResponse delete_connection(const ApiParts& parts, const ApiCall& call);

DoorResponse get_trust_policy(const ApiParts& parts, const ApiCall& call);
DoorResponse get_access_policy(const ApiParts& parts, const ApiCall& call);
DoorResponse get_write_policy(const ApiParts& parts, const ApiCall& call);
DoorResponse get_read_policy(const ApiParts& parts, const ApiCall& call);
DoorResponse get_role_settings(const ApiParts& parts, const ApiCall& call);
DoorResponse get_google_account(const ApiParts& parts, const ApiCall& call);

DoorResponse get_workspace(const ApiParts& parts, const ApiCall& call);
DoorResponse list_workspaces(const ApiParts& parts, const ApiCall& call);
DoorResponse list_regions(const ApiParts& parts, const ApiCall& call);

DoorResponse list_datasources(const ApiParts& parts, const ApiCall& call);
DoorResponse import_data(const ApiParts& parts, const ApiCall& call);
DoorResponse get_datasource(const ApiParts& parts, const ApiCall& call);
DoorResponse get_datasource_text(const ApiParts& parts, const ApiCall& call);
DoorResponse change_datasource(const ApiParts& parts, const ApiCall& call);
DoorResponse alter_datasource(const ApiParts& parts, const ApiCall& call);
DoorResponse delete_datasource(const ApiParts& parts, const ApiCall& call);
DoorResponse truncate_datasource(const ApiParts& parts, const ApiCall& call);
DoorResponse delete_rows(const ApiParts& parts, const ApiCall& call);
DoorResponse analyze_data(const ApiParts& parts, const ApiCall& call);
DoorResponse take_events(const ApiParts& parts, const ApiCall& call);

DoorResponse check_auth(const ApiParts& parts, const ApiCall& call);
DoorResponse get_sql_tables(const ApiParts& parts, const ApiCall& call);
DoorResponse list_environments(const ApiParts& parts, const ApiCall& call);
DoorResponse list_tags(const ApiParts& parts, const ApiCall& call);
DoorResponse list_dependencies(const ApiParts& parts, const ApiCall& call);

DoorResponse list_variables(const ApiParts& parts, const ApiCall& call);
DoorResponse create_variable(const ApiParts& parts, const ApiCall& call);
DoorResponse get_variable(const ApiParts& parts, const ApiCall& call);
DoorResponse change_variable(const ApiParts& parts, const ApiCall& call);
DoorResponse delete_variable(const ApiParts& parts, const ApiCall& call);

DoorResponse get_metrics(const ApiParts& parts, const ApiCall& call);

DoorResponse get_openapi(const ApiParts& parts, const ApiCall& call);
DoorResponse get_docs(const ApiParts& parts, const ApiCall& call);

}  // namespace sluice
