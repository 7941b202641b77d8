// Script only improves: every page works without this file.
// The semicolon matters: Django looks for it when it writes the hashed name here.
import { initAll } from './govuk-frontend.min.js';

initAll()
