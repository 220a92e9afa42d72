/** The prototype's shape: Express 5 puts the received bytes into JetStream and answers after the acknowledgement. No checks. */
import express from "express";
import { connect } from "nats";
import { sayReady, setting } from "./settings.ts";

const nats = await connect({ servers: setting("NATS_URL") });
const js = nats.jetstream();

const app = express()
  .use(express.raw({ type: "application/json", limit: "1mb" }))
  .post("/webhook", async (request, response) => {
    const { update_id: id } = JSON.parse(request.body.toString());
    await js.publish("bench.updates", request.body, { msgID: `bench:${id}` });
    response.json({ ok: true });
  });
sayReady(app.listen(0, "127.0.0.1"));
