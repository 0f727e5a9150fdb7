import type uPlot from 'uplot';

/** Top, right, bottom, left in pixels; `null` leaves it to the plot. */
export const TIME_AXIS_PADDING: uPlot.Padding = [null, 18, null, null];
