/** The ceiling of Express 5: it reads the body and answers 200. */
import express from "express";
import { sayReady } from "./settings.ts";

const app = express()
  .use(express.raw({ type: "application/json", limit: "1mb" }))
  .post("/webhook", (_request, response) => {
    response.json({ ok: true });
  });
sayReady(app.listen(0, "127.0.0.1"));
