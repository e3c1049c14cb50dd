package engine

// Work returns how much compiling went through.
func (e *Engine) Work() int { return e.work }
