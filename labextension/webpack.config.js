// Modules are numbered by digests of their paths by default, those of the whole machine among them: with
// names, what is built is the same wherever the checkout is.
module.exports = { optimization: { moduleIds: 'named' } };
