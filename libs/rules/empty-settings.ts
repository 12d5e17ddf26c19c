import type { CallNotice, FaultNotice, FaxNotice, Screening } from './settings.ts';

/** What holds before anybody has written anything: everything off and empty. */
export const EMPTY_CALL_NOTICE: CallNotice = {
  enabled: false,
  targetCallersOnly: false,
  unansweredOnly: false,
  recipients: [],
  targetCallers: [],
};

export const EMPTY_FAX_NOTICE: FaxNotice = { enabled: false, recipients: [] };

export const EMPTY_FAULT_NOTICE: FaultNotice = {
  enabled: false,
  recipients: [],
  contractorName: '',
  location: '',
  autoStartTransfer: false,
  autoStopTransfer: false,
};

export const EMPTY_SCREENING: Screening = { nuisanceCallers: [], numberRequest: false };
