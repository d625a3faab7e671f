"use strict";
// The devices of the fake radio, as data. A new device is a new entry here.
//
// `endpoints` holds what a device would answer to a read, `{endpoint: {cluster: {attribute: value}}}` in Zigbee's own
// units; a cluster that stands there is an input cluster of that endpoint. Zigbee2MQTT recognises a device by `model`.
// `senses` turns what happens in the room, in human units, into what the device sends.

const battery = "EndDevice";
const mains = "Router";

const onOff = { onOff: 0, startUpOnOff: 255 };
const level = { currentLevel: 254, startUpCurrentLevel: 255 };
const whiteSpectrum = {
    colorTemperature: 370, colorMode: 2, colorCapabilities: 0x10, colorTempPhysicalMin: 250, colorTempPhysicalMax: 454,
    startUpColorTemperature: 65535, options: 0,
};
const fullColor = {
    ...whiteSpectrum, colorCapabilities: 0x1f, colorTempPhysicalMin: 153, colorTempPhysicalMax: 500,
    currentX: 24939, currentY: 24701, currentHue: 0, currentSaturation: 0, enhancedCurrentHue: 0,
};

const report = (cluster, attribute, scale = 1, endpoint = 1) => (value) => ({
    endpoint, cluster, attributes: { [attribute]: Math.round(value * scale) },
});

// Lumi devices tell their cell's voltage in a struct of their own, inside the vendor's attribute 0xff01 of the basic
// cluster: a length, then (index, type, value). Index 1 is millivolts (uint16), 3 is degrees Celsius (int8).
const lumiCell = (millivolts) => ({
    endpoint: 1,
    cluster: "genBasic",
    attributes: { 65281: { type: 0x42, value: Buffer.from([7, 1, 0x21, millivolts & 0xff, millivolts >> 8, 3, 0x28, 24]) } },
});
const presses = { hold: 0, single: 1, double: 2, release: 255 };
const lumi = (model, network, clusters, senses) => ({
    model, network, vendor: "LUMI", vendorId: 4151, type: battery,
    endpoints: { 1: clusters },
    senses: { millivolts: lumiCell, ...senses },
});

const devices = {
    white_bulb: {
        model: "TRADFRI bulb E27 WS opal 980lm", vendor: "IKEA of Sweden", vendorId: 4476, network: 0x1001, type: mains,
        endpoints: { 1: { genIdentify: {}, genGroups: {}, genScenes: {}, genOnOff: onOff, genLevelCtrl: level, lightingColorCtrl: whiteSpectrum } },
    },
    color_bulb: {
        model: "LLC020", vendor: "Philips", vendorId: 4107, network: 0x1002, type: mains,
        endpoints: { 11: { genIdentify: {}, genGroups: {}, genScenes: {}, genOnOff: onOff, genLevelCtrl: level, lightingColorCtrl: fullColor } },
    },
    plug: {
        model: "SP 240", vendor: "innr", vendorId: 4454, network: 0x1003, type: mains,
        endpoints: { 1: {
            genIdentify: {}, genOnOff: onOff,
            haElectricalMeasurement: {
                activePower: 0, acPowerMultiplier: 1, acPowerDivisor: 1,
                rmsCurrent: 0, acCurrentMultiplier: 1, acCurrentDivisor: 1000,
                rmsVoltage: 230, acVoltageMultiplier: 1, acVoltageDivisor: 1,
            },
            seMetering: { currentSummDelivered: 0, multiplier: 1, divisor: 1000 },
        } },
        senses: {
            watts: report("haElectricalMeasurement", "activePower"),
            amperes: report("haElectricalMeasurement", "rmsCurrent", 1000),
            volts: report("haElectricalMeasurement", "rmsVoltage"),
            kilowatt_hours: report("seMetering", "currentSummDelivered", 1000),
            on: report("genOnOff", "onOff"),
        },
        // Zigbee2MQTT looks for it every three seconds instead of every ten minutes, so that a test sees it go and come.
        options: { availability: { timeout: 0.03, max_jitter: 1000 } },
    },
    wall_switch: {
        model: "lumi.ctrl_ln2.aq1", vendor: "LUMI", vendorId: 4151, network: 0x1004, type: mains,
        endpoints: {
            1: { genOnOff: { onOff: 0 } }, 2: { genOnOff: { onOff: 0 } }, 3: { genAnalogInput: { presentValue: 0 } },
            5: { genMultistateInput: { presentValue: 0 } }, 6: { genMultistateInput: { presentValue: 0 } },
        },
        // A relay that did not move by its own button says so in an attribute of Lumi's, or it would count as a press.
        marks: { genOnOff: { 61440: { type: 0x23, value: 1 } } },
        senses: {
            left: (on) => ({ ...report("genOnOff", "onOff", 1, 1)(on), remote: true }),
            right: (on) => ({ ...report("genOnOff", "onOff", 1, 2)(on), remote: true }),
            press_left: (kind) => ({ endpoint: 5, cluster: "genMultistateInput", attributes: { presentValue: presses[kind] } }),
            press_right: (kind) => ({ endpoint: 6, cluster: "genMultistateInput", attributes: { presentValue: presses[kind] } }),
            watts: (value) => ({ endpoint: 3, cluster: "genAnalogInput", attributes: { presentValue: value } }),
        },
    },
    blind: {
        model: "FYRTUR block-out roller blind", vendor: "IKEA of Sweden", vendorId: 4476, network: 0x1005, type: battery,
        endpoints: { 1: {
            genIdentify: {}, genPowerCfg: { batteryPercentageRemaining: 80 },
            closuresWindowCovering: { windowCoveringType: 0, currentPositionLiftPercentage: 0, configStatus: 3, windowCoveringMode: 0 },
        } },
        senses: { closed_percent: report("closuresWindowCovering", "currentPositionLiftPercentage") },
    },
    lock: {
        model: "V3-BTZB", vendor: "Danalock", vendorId: 4444, network: 0x1006, type: battery,
        endpoints: { 1: { genIdentify: {}, genPowerCfg: { batteryPercentageRemaining: 160 }, closuresDoorLock: { lockState: 1 } } },
        senses: {
            locked: (value) => ({ endpoint: 1, cluster: "closuresDoorLock", attributes: { lockState: value ? 1 : 2 } }),
            battery_percent: report("genPowerCfg", "batteryPercentageRemaining", 2),
        },
    },
    weather: lumi("lumi.weather", 0x2001, {
        msTemperatureMeasurement: { measuredValue: 0 }, msRelativeHumidity: { measuredValue: 0 }, msPressureMeasurement: { measuredValue: 0 },
    }, {
        celsius: report("msTemperatureMeasurement", "measuredValue", 100),
        humidity_percent: report("msRelativeHumidity", "measuredValue", 100),
        hectopascals: report("msPressureMeasurement", "measuredValue"),
    }),
    // This sensor only ever tells that somebody moves; Zigbee2MQTT clears it after `occupancy_timeout` seconds.
    motion: { ...lumi("lumi.sensor_motion.aq2", 0x2002, { msOccupancySensing: { occupancy: 0 }, msIlluminanceMeasurement: { measuredValue: 0 } }, {
        moves: report("msOccupancySensing", "occupancy"),
        lux: report("msIlluminanceMeasurement", "measuredValue"),
    }), options: { occupancy_timeout: 2 } },
    door: lumi("lumi.sensor_magnet.aq2", 0x2003, { genIdentify: {}, genOnOff: { onOff: 0 } }, { open: report("genOnOff", "onOff") }),
    leak: lumi("lumi.sensor_wleak.aq1", 0x2004, { ssIasZone: { zoneState: 1, zoneType: 42, iasCieAddr: "0x00124b0000000001" } }, {
        wet: (value) => ({
            endpoint: 1, cluster: "ssIasZone", command: "statusChangeNotification",
            payload: { zonestatus: value ? 1 : 0, extendedstatus: 0, zoneID: 23, delay: 0 },
        }),
    }),
    button: lumi("lumi.sensor_switch.aq2", 0x2005, { genIdentify: {}, genOnOff: { onOff: 1 }, genMultistateInput: { presentValue: 0 } }, {
        press: (kind) => ({ endpoint: 1, cluster: "genMultistateInput", attributes: { presentValue: presses[kind] } }),
    }),
    // Stays away until a test lets it join; Zigbee2MQTT then names it by its address, as it does in life.
    newcomer: {
        model: "SP 120", vendor: "innr", vendorId: 4454, network: 0x3001, type: mains, away: true,
        endpoints: { 1: {
            genOnOff: onOff, haElectricalMeasurement: { activePower: 0, rmsCurrent: 0, rmsVoltage: 230 }, seMetering: { currentSummDelivered: 0 },
        } },
        senses: { watts: report("haElectricalMeasurement", "activePower") },
    },
};

for (const [name, device] of Object.entries(devices)) {
    // Its own copy, or lamps that are described alike would be switched together.
    device.endpoints = structuredClone(device.endpoints);
    device.name = name;
    device.address = `0x00158d000000${device.network.toString(16)}`;
    // Every Zigbee device has a basic cluster on its first endpoint, and Zigbee2MQTT recognises the device by it.
    const first = Object.keys(device.endpoints)[0];
    device.endpoints[first].genBasic = {
        zclVersion: 3, appVersion: 1, stackVersion: 2, hwVersion: 1, dateCode: "20240101", swBuildId: "1.0.0",
        manufacturerName: device.vendor, modelId: device.model, powerSource: device.type === mains ? 1 : 3,
    };
}

module.exports = devices;
