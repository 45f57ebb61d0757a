#pragma once

#include "api/api.h"

namespace sluice {

// One function a route; see route_table.cpp for which. Each throws `Error`.

DoorResponse get_health(const ApiParts& parts, const ApiCall& call);

DoorResponse list_pipes(const ApiParts& parts, const ApiCall& call);
DoorResponse create_pipe(const ApiParts& parts, const ApiCall& call);
DoorResponse get_pipe(const ApiParts& parts, const ApiCall& call);
DoorResponse delete_pipe(const ApiParts& parts, const ApiCall& call);
DoorResponse add_node(const ApiParts& parts, const ApiCall& call);

DoorResponse set_sink(const ApiParts& parts, const ApiCall& call);
DoorResponse delete_sink(const ApiParts& parts, const ApiCall& call);
DoorResponse run_sink(const ApiParts& parts, const ApiCall& call);
DoorResponse preview_sink(const ApiParts& parts, const ApiCall& call);

DoorResponse list_jobs(const ApiParts& parts, const ApiCall& call);
DoorResponse get_job(const ApiParts& parts, const ApiCall& call);
DoorResponse cancel_job(const ApiParts& parts, const ApiCall& call);
DoorResponse verify_job(const ApiParts& parts, const ApiCall& call);

DoorResponse list_connections(const ApiParts& parts, const ApiCall& call);
DoorResponse create_connection(const ApiParts& parts, const ApiCall& call);
DoorResponse get_connection(const ApiParts& parts, const ApiCall& call);
DoorResponse test_connection(const ApiParts& parts, const ApiCall& call);
DoorResponse delete_connection(const ApiParts& parts, const ApiCall& call);

}  // namespace sluice
