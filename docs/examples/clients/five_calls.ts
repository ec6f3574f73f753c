// The five calls of the README with the types that openapi-typescript makes of the OpenAPI document.
//
// node five_calls.js http://localhost:8000

import createClient from "openapi-fetch";
import type { components, paths } from "./tracker.js";

// A list is also there as a file: this client wants JSON, and problems.
type Media = "application/json" | "application/problem+json";
const client = createClient<paths, Media>({ baseUrl: process.argv[2] });

/** What was answered; a problem says what is wrong with what was asked. */
function given<Body>(answer: { data?: Body; error?: components["schemas"]["Problem"] }): Body {
  if (answer.data === undefined) throw new Error(answer.error?.detail ?? "no answer");
  return answer.data;
}

const programme = ["national-ai-innovation-application-pilot-zone"];
const zones = given(
  await client.GET("/api/v1/zones/", { params: { query: { programme, as_of: "2020-12-31", count: true } } }),
);
const events = given(
  await client.GET("/api/v1/timeline/", { params: { query: { place: ["320100"], ordering: "date" } } }),
);
const layouts = given(
  await client.GET("/api/v1/layouts/", { params: { query: { subject: ["320100"], as_of: "2018-06-01" } } }),
);
const parks = given(
  await client.GET("/api/v1/parks/", {
    params: { query: { place: ["440300"], measure: ["site"], min_area: 10_000_000 } },
  }),
);
const changes = given(
  await client.GET("/api/v1/changes/", { params: { query: { after: 0, include: "document", page_size: 5 } } }),
);

console.log(
  JSON.stringify({
    zones: zones.results.map((zone) => zone.key),
    timeline: events.results.map((event) => event.id),
    layouts: layouts.results.map((layout) => layout.pattern),
    parks: parks.results.map((park) => park.key),
    changes: changes.results.map((change) => change.seq),
  }),
);
