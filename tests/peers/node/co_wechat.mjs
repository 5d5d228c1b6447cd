// co-wechat, an independent webhook, behind koa: answers every text with what it was told.
//   node co_wechat.mjs '{"token", "key", "id", "mode"}'  prints its port
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const Koa = require("koa");
const wechat = require("co-wechat");

const { token, key, id, mode } = JSON.parse(process.argv[2]);
const config = mode === "plain" ? { token, appid: id } : { token, appid: id, encodingAESKey: key };

const app = new Koa();
app.silent = true;
app.use(
  wechat(config).middleware(async (message) => ({
    type: "text",
    content: JSON.stringify({ type: message.MsgType, text: message.Content, user: message.FromUserName }),
  })),
);
const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit(0)).resume();
