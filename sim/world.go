package sim

// World is the state of the mechanism: places, roads, markets, holders. It knows no kind of agent by name.
type World struct {
	Start    Date // Monday of week 0
	Week     int  // 0 is the first recorded week; negative weeks are burn-in
	Root     Key
	Goods    int
	Net      *Network
	Accounts *Accounts
	Auctions *Auctions
	Roads    *Roads
}

// Date returns the Monday of the current week.
func (w *World) Date() Date { return w.Start + Date(7*w.Week) }

// Luck returns the key of a purpose in the current week.
func (w *World) Luck(purpose string) Key {
	return w.Root.Label(purpose).At(uint64(int64(w.Week)) + 1<<32)
}

// Market returns the number of a hub's market for a good.
func (w *World) Market(hub, good int) int32 { return int32(hub*w.Goods + good) }

// Phase is one step of a week.
type Phase struct {
	Name string
	Do   func(*World)
}

// Unbalanced is the error of a week after which goods or money do not add up.
type Unbalanced struct {
	Date Date
	Imbalance
}

// Error says what is wrong where.
func (u *Unbalanced) Error() string {
	if u.Good < 0 {
		return "conservation of money broke in the week of " + u.Date.String()
	}
	return "conservation of goods broke in the week of " + u.Date.String()
}

// Step runs one week: the phases in order, then the books are checked.
func (w *World) Step(week []Phase) error {
	for i := range week {
		week[i].Do(w)
	}
	if over := w.Accounts.over; over != nil {
		over.Date = w.Date()
		return over
	}
	if bad := w.Accounts.Check(); bad != nil {
		return &Unbalanced{w.Date(), *bad}
	}
	w.Week++
	return nil
}
