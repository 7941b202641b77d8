import sys, json
import pytest
from tests.views.access_table import STATES, PEOPLE, TABLE
from tests.views.addresses import PARTS
from tests.views.world import opened, status_of
@pytest.mark.parametrize("state", STATES)
@pytest.mark.django_db
def test_dump(state, django_db_setup, django_db_blocker, tmp_path):
    out={}
    with django_db_blocker.unblock(), opened(state, tmp_path) as w:
        for name in sorted(PARTS):
            try: url=w.address(name)
            except Exception as e: out[name]=repr(e)[:200]; continue
            row=[]
            for p in PEOPLE:
                cell=[]
                for m in ("get","post"):
                    try: cell.append(str(status_of(w.client(p),m,url)))
                    except Exception as e: cell.append("!"+repr(e)[:80])
                row.append("/".join(cell))
            out[name]=" ".join(row)
    json.dump(out,open(f"/tmp/dump_{state.replace(' ','_')}.json","w"),indent=1)
