// The platform's own client of smart robots, on the tests' gateway: if it cannot work there, that is wrong.
//   node aibot_client.mjs '{"url", "id", "secret"}'  answers what it hears, pushes once, prints what it met
import { createRequire } from "node:module";

const { WSClient, generateReqId } = createRequire(import.meta.url)("@wecom/aibot-node-sdk");
const { url, id, secret } = JSON.parse(process.argv[2]);
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const client = new WSClient({
  botId: id, secret, wsUrl: url, logger: quiet, heartbeatInterval: 100, maxAuthFailureAttempts: 0,
});
const seen = { acks: [] };

function end() {
  client.disconnect();
  console.log(JSON.stringify(seen));
  process.exit(0);
}

client.on("authenticated", () => { seen.authenticated = true; });
client.on("error", (error) => { seen.error = error.message; end(); });
client.on("message.text", async (frame) => {
  const stream = generateReqId("stream");
  seen.text = frame.body.text.content;
  seen.acks.push((await client.replyStream(frame, stream, "...", false)).errcode);
  seen.acks.push((await client.replyStream(frame, stream, `heard ${seen.text}`, true)).errcode);
});
client.on("event.enter_chat", async (frame) => {
  const said = await client.replyWelcome(frame, { msgtype: "text", text: { content: "hello" } });
  seen.acks.push(said.errcode);
  const pushed = await client.sendMessage(frame.body.from.userid, {
    msgtype: "markdown", markdown: { content: "pushed" },
  });
  seen.acks.push(pushed.errcode);
});
client.on("event.disconnected_event", () => { seen.replaced = true; end(); });
client.connect();
