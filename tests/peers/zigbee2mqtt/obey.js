"use strict";
// What a command does to the attributes of the endpoint that hears it: `{cluster: {attribute: value}}`, in Zigbee's units.

// Nothing here takes time: a real lamp fades and a real blind travels, but both report their target in the end.
const power = (on, more = {}) => ({ genOnOff: { onOff: on ? 1 : 0 }, ...more });

const commands = {
    genOnOff: {
        on: () => power(true),
        off: () => power(false),
        offWithEffect: () => power(false),
        toggle: (_, { genOnOff }) => power(!genOnOff.onOff),
    },
    genLevelCtrl: {
        moveToLevel: ({ level }) => ({ genLevelCtrl: { currentLevel: level } }),
        // Level 0 turns the lamp off; it keeps the level that it had, and comes back with it.
        moveToLevelWithOnOff: ({ level }) => (level === 0 ? power(false) : power(true, { genLevelCtrl: { currentLevel: level } })),
    },
    lightingColorCtrl: {
        moveToColorTemp: ({ colortemp }) => ({ lightingColorCtrl: { colorTemperature: colortemp, colorMode: 2 } }),
        moveToColor: ({ colorx, colory }) => ({ lightingColorCtrl: { currentX: colorx, currentY: colory, colorMode: 1 } }),
        enhancedMoveToHueAndSaturation: ({ enhancehue, saturation }) => ({
            lightingColorCtrl: { enhancedCurrentHue: enhancehue, currentHue: enhancehue >> 8, currentSaturation: saturation, colorMode: 0 },
        }),
        moveToHueAndSaturation: ({ hue, saturation }) => ({ lightingColorCtrl: { currentHue: hue, currentSaturation: saturation, colorMode: 0 } }),
    },
    closuresWindowCovering: {
        upOpen: () => ({ closuresWindowCovering: { currentPositionLiftPercentage: 0 } }),
        downClose: () => ({ closuresWindowCovering: { currentPositionLiftPercentage: 100 } }),
        goToLiftPercentage: ({ percentageliftvalue }) => ({ closuresWindowCovering: { currentPositionLiftPercentage: percentageliftvalue } }),
    },
    closuresDoorLock: {
        lockDoor: () => ({ closuresDoorLock: { lockState: 1 } }),
        unlockDoor: () => ({ closuresDoorLock: { lockState: 2 } }),
    },
};

/** The new values of a command; a command that is not in the table changes nothing, and is still acknowledged. */
module.exports = (cluster, command, payload, endpoint) => commands[cluster]?.[command]?.(payload, endpoint) ?? {};
