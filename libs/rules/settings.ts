/** A place a notice goes to, with its 送信 box. */
export interface Recipient {
  readonly address: string;
  readonly enabled: boolean;
}

/** A caller the subscriber wants to hear about, with its 指定 box. */
export interface TargetCaller {
  readonly number: string;
  readonly enabled: boolean;
}

export interface CallNotice {
  readonly enabled: boolean;
  readonly targetCallersOnly: boolean;
  readonly unansweredOnly: boolean;
  readonly recipients: readonly Recipient[];
  readonly targetCallers: readonly TargetCaller[];
}

export interface FaxNotice {
  readonly enabled: boolean;
  readonly recipients: readonly Recipient[];
}

export interface FaultNotice {
  readonly enabled: boolean;
  readonly recipients: readonly Recipient[];
  readonly contractorName: string;
  readonly location: string;
  readonly autoStartTransfer: boolean;
  readonly autoStopTransfer: boolean;
}

export interface Screening {
  readonly nuisanceCallers: readonly string[];
  readonly numberRequest: boolean;
}

/** The document of one number: all that the rules need to know of it in one read. */
export interface NumberSettings {
  readonly number: string;
  readonly lineNumber: string;
  readonly brand: string;
  readonly callNotice: CallNotice;
  readonly faxNotice: FaxNotice;
  readonly screening: Screening;
}

/** The document of one line. `numbers` holds the line number too. */
export interface LineSettings {
  readonly lineNumber: string;
  readonly brand: string;
  readonly contractor: string;
  readonly numbers: readonly string[];
  readonly faultNotice: FaultNotice;
}
