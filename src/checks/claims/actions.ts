/** What an answer may claim to have done outside of itself. */
export const ACTIONS = [
  'refund',
  'cancel',
  'book',
  'change',
  'send',
  'escalate',
  'create',
  'pay',
  'delete',
  'lookup',
] as const;
export type Action = (typeof ACTIONS)[number];

/**
 * Beginnings of the words in a tool's name or description that say it could do the action. Wide on purpose: a cancelled
 * booking is refunded by the call that cancelled it, and a missed support costs a false alarm.
 */
export const TOOL_STEMS: Readonly<Record<Action, readonly string[]>> = {
  refund: 'refund reimburs credit cancel certificate compensat return void payment downgrad updat'.split(' '),
  cancel: 'cancel void terminat delet refund unsubscrib remov clos stop'.split(' '),
  book: 'book reserv order purchas buy schedul creat appointment checkout plac'.split(' '),
  change:
    'updat chang modif edit set upgrad add remov adjust reset patch put reschedul appl activ enabl disabl book cancel sav record'.split(
      ' ',
    ),
  send: 'send email mail notif sms messag ship certificate issu forward dispatch compensat text'.split(' '),
  escalate: 'escalat transfer handoff hand human agent ticket cas incident report flag forward connect rout'.split(' '),
  create: 'creat open submit fil log regist book order add new ticket plac insert post generat'.split(' '),
  pay: 'pay charg bill transfer process refund book updat purchas order cancel certificate'.split(' '),
  delete: 'delet remov eras cancel clear purg drop unsubscrib'.split(' '),
  lookup: [],
};

/** Tools that can do whatever their arguments say. */
export const GENERIC_STEMS = 'sql exec execut run api http https shell bash python code invok workflow curl rpc'.split(
  ' ',
);

/**
 * Words that report a done action. `clear` ones mean the world outside; `vague` ones are also said of the answer's own
 * text ("I added a second paragraph") and count only in a sentence that names one of `OUTSIDE_THINGS`.
 */
export interface Participles {
  readonly clear: string;
  readonly vague: string;
}

export const ENGLISH: Readonly<Record<Action, Participles>> = {
  refund: { clear: 'refunded|reimbursed', vague: 'credited' },
  cancel: { clear: 'cancelled|canceled', vague: '' },
  book: { clear: 'booked|rebooked|rescheduled', vague: 'reserved|ordered|purchased|scheduled' },
  change: {
    clear: 'upgraded|downgraded|deactivated|unlocked',
    vague:
      'updated|changed|modified|adjusted|added|removed|applied|corrected|activated|reset|enabled|disabled|saved|recorded|registered|extended|waived',
  },
  send: { clear: 'emailed|e-mailed|dispatched|shipped', vague: 'sent|mailed|forwarded|notified|issued' },
  escalate: { clear: 'escalated', vague: 'transferred|flagged|reported|assigned|handed over|connected' },
  create: { clear: '', vague: 'created|opened|filed|submitted|logged|placed' },
  pay: { clear: '', vague: 'charged|paid|processed|completed' },
  delete: { clear: '', vague: 'deleted|erased' },
  lookup: { clear: '', vague: 'checked|verified|looked up|looked into|retrieved|accessed|pulled up|located|searched' },
};

/** Things that live in somebody's systems, not in the answer. */
export const OUTSIDE_THINGS =
  /\b(?:account|order|reservation|booking|flight|ticket|refund|payment|cards?|subscription|database|records?|balance|invoice|shipment|parcel|package|profile|appointment|membership|reservations|bookings|flights|orders|bags?|certificate|voucher|claim|case|policy|address|password|agent|manager|supervisor|specialist|e-?mail|inbox|system|credit|charge|charges|fee|transaction|delivery|return|plan|seats?|passengers?|name)\b/i;
