package agents

// BurnIn is how many weeks a run lives before its first recorded week, so that stores, news and beliefs are not those
// of the opening tables. These weeks are numbered from -BurnIn to -1. By then prices, sales,
// stores and traffic are about where they stay (docs/divergence.md).
const BurnIn = 52

// Weeks returns how many weeks the setup's period has.
func (s *Setup) Weeks() int { return int(s.End.Monday()-s.Start.Monday())/7 + 1 }

// Run lives through the burn-in and the period and calls each after every week with that week's number. It stops at the
// first error: that of a broken balance, or the caller's own (an interrupt, a full disk).
func (m *Model) Run(each func(week int) error) error {
	m.Week = -BurnIn
	return m.RunUntil(m.Setup.Weeks(), each)
}

// RunUntil goes on from where the run stands up to a week, which is not lived.
func (m *Model) RunUntil(end int, each func(week int) error) error {
	for week := m.Week; week < end; week++ {
		if err := m.Step(); err != nil {
			return err
		}
		if err := each(week); err != nil {
			return err
		}
	}
	return nil
}

// Stores calls f with every dealer's holder and the hub where his store is now.
func (d *Dealers) Stores(f func(holder int32, hub int)) {
	for i, holder := range d.holder {
		f(holder, d.hub[i])
	}
}
