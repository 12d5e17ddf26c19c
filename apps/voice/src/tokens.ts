/** Injection token of the controller's dialogue. */
export const DIALOGUE = Symbol('PhoneDialogue');
