// The calls of the published JavaScript SDK against Sluice; prints what they gave as one JSON object.
// Usage: node session.mjs PACKAGE_FOLDER URL TOKEN
import { pathToFileURL } from "node:url";

const [folder, baseUrl, token] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(`${folder}/dist/${file}`));
const { createTinybirdApi, TinybirdApiError, createClient } = await load("index.js");
const { getWorkspace } = await load("api/workspaces.js");
const resources = await load("api/resources.js");

const config = { baseUrl, token };
const api = createTinybirdApi(config);
const form = (fields) => ({ method: "POST", body: new URLSearchParams(fields) });
const told = {};

told.workspace = (await getWorkspace(config)).name;
told.connector = await api.requestJson("/v0/connectors", form({ service: "local", name: "disk" }));
told.pipe = await api.requestJson("/v0/pipes", form({ name: "p", sql: "SELECT 1 AS a UNION ALL SELECT 2" }));
await api.requestJson("/v0/pipes/p/nodes/p_0/sink",
                      form({ connection: "disk", path: "local://js", file_template: "f", format: "ndjson" }));
let { job } = await api.requestJson("/v0/pipes/p/sink", { method: "POST" });
while (["waiting", "working"].includes(job.status)) {
  await new Promise((wake) => setTimeout(wake, 100));
  job = await api.requestJson(new URL(job.job_url).pathname);
}
told.job = job;

told.pipes = await resources.listPipes(config);
told.pipesV1 = await resources.listPipesV1(config);
told.datasources = await resources.listDatasources(config);
told.connectors = await resources.listConnectors(config);
told.detail = await resources.getPipe(config, "p");
told.files = await resources.pullAllResourceFiles(config);
told.resources = await resources.fetchAllResources(config);

try {
  await api.requestJson("/v0/pipes/nothing");
} catch (error) {
  told.refusal = { known: error instanceof TinybirdApiError, status: error.statusCode ?? error.status,
                   message: error.message };
}
console.log(JSON.stringify(told));
