import { say } from "../message.ts";

/**
 * Stands below tables whose rows have no numbers: those of rows are the lists', which know of now and of their own window
 * only. Under a header of another time or window they would be false.
 */
export const onlyAsListed = say("Numbers of single rows are of now and of the lists' window; open one to see it then");
