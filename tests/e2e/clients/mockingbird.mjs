// The published event generator feeding a data source; prints each event that it sent, a line each.
// Usage: node mockingbird.mjs PACKAGE_FOLDER URL TOKEN DATASOURCE EVENTS_PER_SECOND EVENTS
import { pathToFileURL } from "node:url";

const [folder, endpoint, token, datasource, eps, limit] = process.argv.slice(2);
const { TinybirdGenerator, presetSchemas } = await import(pathToFileURL(`${folder}/dist/index.js`));

const generator = new TinybirdGenerator({
  schema: { id: { type: "string.uuid" }, ...presetSchemas["eCommerce Transactions"] },
  endpoint, token, datasource, eps: Number(eps), limit: Number(limit),
});
await generator.generate((rows) => rows.forEach((row) => console.log(JSON.stringify(row))));
