"use strict";
// What a test asks of the fake radio: one JSON object per line on stdin, one answer per line on stdout.

const readline = require("node:readline");

const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const verbs = {
    sense(radio, device, { do: _verb, id: _id, device: _name, ...senses }) {
        for (const [sense, value] of Object.entries(senses)) {
            const said = device.senses?.[sense];
            if (!said) throw new Error(`${device.name} senses ${Object.keys(device.senses ?? {}).join(", ") || "nothing"}, not ${sense}`);
            radio.say(device, said(value));
        }
    },
    send: (radio, device, message) => radio.say(device, message),
    read: (_radio, device) => device.endpoints,
    silence(_radio, device) { device.silent = true; },
    answer(_radio, device) { device.silent = false; },
    leave(radio, device) {
        device.away = true;
        radio.emit("deviceLeave", { networkAddress: device.network, ieeeAddr: device.address });
    },
    join(radio, device) {
        device.away = false;
        radio.emit("deviceJoined", { networkAddress: device.network, ieeeAddr: device.address });
    },
};

module.exports = (radio, devices) => {
    const lines = readline.createInterface({ input: process.stdin });
    lines.on("line", (line) => {
        let message = {};
        try {
            message = JSON.parse(line);
            if (!Object.hasOwn(verbs, message.do)) throw new Error(`do one of ${Object.keys(verbs).join(", ")}`);
            const device = devices[message.device];
            if (!device) throw new Error(`the devices are ${Object.keys(devices).join(", ")}`);
            tell({ done: message.id ?? null, result: verbs[message.do](radio, device, message) });
        } catch (error) {
            tell({ failed: message.id ?? null, why: error.message });
        }
    });
    // The test that started us is gone: leave nothing running behind it.
    lines.on("close", () => process.kill(process.pid, "SIGTERM"));
};
