/**
 * A fleet of simulated ASEs as a process of its own. It starts with the FleetOrder that it is told, answers every
 * further message with a FleetReport, and ends when whoever started it is gone.
 */
import { type Fleet, type FleetOrder, startFleet } from './fleet.ts';

export type FleetMessage = FleetOrder | 'report';

let fleet: Fleet | undefined;
process.on('message', (message: FleetMessage) => {
  if (message === 'report') process.send!(fleet!.report());
  else fleet = startFleet(message);
});
process.once('disconnect', () => process.exit(0));
