package scenarios

// Misplaced is misplaced for the tests from outside.
var Misplaced = misplaced
