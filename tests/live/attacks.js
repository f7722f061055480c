// What a page does that wants code to run on the reader's machine. `at` names the
// addresses; each attack says what it got. "refused" is what each must say.
async (at) => {
  const soon = (promise) =>
    Promise.race([promise, new Promise((yes) => setTimeout(() => yes("no answer"), 60_000))]);
  const socket = (url, first) =>
    new Promise((yes, no) => {
      const ws = new WebSocket(url, at.protocols ?? []);
      ws.onmessage = () => yes(`message from ${url}`);
      ws.onopen = () => first && ws.send(first);
      ws.onerror = ws.onclose = () => no("closed");
    });
  const read = async (url, options) => {
    const answer = await fetch(url, options);
    if (!answer.ok) throw answer.status;
    return `${answer.status} from ${url}`;
  };
  // Plain text needs no preflight; JSON is what an API may insist on.
  const post = async (url, body) => {
    let why;
    for (const type of ["text/plain", "application/json"]) {
      const headers = { "Content-Type": type };
      try {
        const sent = { method: "POST", body: JSON.stringify(body), credentials: "include", headers };
        return await read(url, sent);
      } catch (error) {
        why = error;
      }
    }
    throw why;
  };
  const attacks = {
    open: () => post(`${at.site}/__live__/open`, { snippet: "template.py", view: "edit" }),
    stop: () => post(`${at.site}/__live__/stop`, { id: at.bench }),
    state: () => post(`${at.site}/__live__/state`, { id: at.bench }),
    page: () => read(`${at.site}${at.kernel}`),
    run: () => post(`${at.site}${at.base}/api/kernel/run`, { cellIds: ["x"], codes: ["1"] }),
    socket: () => socket(`${at.site.replace("http", "ws")}${at.base}/ws?session_id=s_evil1&file=template.py`),
    terminal: () => socket(`${at.site.replace("http", "ws")}${at.base}/terminal/ws`, "id\n"),
    prefect: () => post(`${at.site}/__prefect__/api/flow_runs/filter`, {}),
    flow: () => post(`${at.site}/__prefect__/api/flows/`, { name: "evil" }),
    settings: () => read(`${at.site}/__prefect__/ui-settings`),
    interface: () => read(`${at.site}/__prefect__/v2/`),
    events: () => socket(`${at.site.replace("http", "ws")}/__prefect__/api/events/out`),
  };
  for (const [i, port] of at.ports.entries()) {
    const direct = `http://${at.name}:${port}`;
    Object.assign(attacks, {
      [`direct page ${i}`]: () => read(`${direct}${at.kernel}`),
      [`direct run ${i}`]: () => post(`${direct}${at.base}/api/kernel/run`, {}),
      [`direct socket ${i}`]: () => socket(`${direct.replace("http", "ws")}${at.base}/ws?session_id=s_evil2&file=template.py`),
      [`direct terminal ${i}`]: () => socket(`${direct.replace("http", "ws")}${at.base}/terminal/ws`, "id\n"),
      [`direct prefect ${i}`]: () => post(`${direct}/api/flow_runs/filter`, {}),
      [`direct flow ${i}`]: () => post(`${direct}/api/flows/`, { name: "evil" }),
      [`direct events ${i}`]: () => socket(`${direct.replace("http", "ws")}/api/events/out`, JSON.stringify({ type: "auth" })),
    });
  }
  const got = {};
  for (const [name, attack] of Object.entries(attacks)) {
    if (at.only && !at.only.includes(name)) continue;
    try {
      got[name] = await soon(attack());
    } catch (error) {
      got[name] = "refused";
    }
  }
  return got;
}
