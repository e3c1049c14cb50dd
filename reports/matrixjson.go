package reports

import (
	"bufio"
	"io"
	"strconv"

	"github.com/netfate/netfate/sim"
)

// MatrixJSON writes one JSON object a line. With classes each peer's number of
// endpoints is written too. It is the fast path of the matrix: a line is put
// together from texts that are made once, so that it allocates nothing.
func MatrixJSON(w io.Writer, lines MatrixLines, classes bool) error {
	m := matrixJSON{
		w:       bufio.NewWriterSize(w, bufferSize),
		classes: classes,
		to:      make(map[*sim.Peer][]byte),
		conns:   make(map[*sim.Connections][]byte),
	}
	for l := range lines {
		if err := m.line(&l); err != nil {
			return err
		}
	}
	return m.w.Flush()
}

// maxTexts bounds how many peers' texts are kept: pods that are listed one by
// one come as new peers each time.
const maxTexts = 1 << 16

type matrixJSON struct {
	w        *bufio.Writer
	classes  bool
	from     *sim.Peer // whose text fromText is
	fromText []byte
	to       map[*sim.Peer][]byte
	conns    map[*sim.Connections][]byte
}

func (m *matrixJSON) line(l *sim.Line) error {
	if m.from != l.From {
		m.from = l.From
		m.fromText = m.peer(append(m.fromText[:0], '{'), "from", l.From)
	}
	to, ok := m.to[l.To]
	if !ok {
		to = m.newTo(l.To)
	}
	conns, ok := m.conns[l.Connections]
	if !ok {
		conns = append(appendConnections(nil, l.Connections), "}\n"...)
		m.conns[l.Connections] = conns
	}
	// The buffer keeps the first error and returns it for every later write.
	m.w.Write(m.fromText) //nolint:errcheck // see above
	m.w.Write(to)         //nolint:errcheck // see above
	_, err := m.w.Write(conns)
	return err
}

func (m *matrixJSON) newTo(p *sim.Peer) []byte {
	if len(m.to) >= maxTexts {
		clear(m.to)
	}
	text := m.peer([]byte{','}, "to", p)
	m.to[p] = text
	return text
}

// peer appends `"from":"id","fromKind":"kind"`.
func (m *matrixJSON) peer(dst []byte, key string, p *sim.Peer) []byte {
	dst = appendPeer(dst, key, p)
	if m.classes && !p.IsExternal() {
		dst = append(dst, `,"`...)
		dst = append(dst, key...)
		dst = append(dst, `Endpoints":`...)
		dst = strconv.AppendInt(dst, int64(len(p.Endpoints)), 10)
	}
	return dst
}

// appendPeer appends `"key":"id","keyKind":"kind"`.
func appendPeer(dst []byte, key string, p *sim.Peer) []byte {
	dst = append(dst, '"')
	dst = append(dst, key...)
	dst = append(dst, `":`...)
	dst = appendJSON(dst, p.ID)
	return appendKey(dst, key+"Kind", p.Kind)
}

// appendRequests appends `,"requests":[{"on":"TCP 80","allow":"GET /x","otherwise":"403"}]`.
func appendRequests(dst []byte, c *sim.Connections) []byte {
	for i, r := range requestsOf(c) {
		if dst = append(dst, ','); i == 0 {
			dst = append(dst, `"requests":[`...)
		}
		dst = appendJSON(append(dst, `{"on":`...), r.On)
		if r.Gateway != "" {
			dst = appendKey(appendKey(dst, "gateway", r.Gateway), "listener", r.Listener)
		}
		dst = appendKey(dst, "allow", r.Allow)
		if r.Otherwise != "" {
			dst = appendKey(dst, "otherwise", r.Otherwise)
		}
		if r.Undetermined != "" {
			dst = appendKey(dst, "undetermined", r.Undetermined)
		}
		if dst = append(dst, '}'); i == len(c.Requests)-1 {
			dst = append(dst, ']')
		}
	}
	return dst
}

// appendConnections appends `,"connections":"..."` and what else there is to say.
func appendConnections(dst []byte, c *sim.Connections) []byte {
	dst = appendKey(dst, "connections", c.Ports)
	if c.Other != "" {
		dst = appendKey(dst, "other", c.Other)
	}
	if c.Undetermined != "" {
		dst = appendKey(dst, "undetermined", c.Undetermined)
	}
	return appendRequests(dst, c)
}
