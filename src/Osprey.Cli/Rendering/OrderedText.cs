using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering;

/// <summary>Composes pieces of text on all cores and writes them in the order in which they were handed in.</summary>
/// <typeparam name="TWriter">What composes a piece: formatters and their caches, one for each piece in flight.</typeparam>
/// <typeparam name="TPiece">What a piece is composed of.</typeparam>
/// <param name="output">Where to.</param>
/// <param name="compose">Writes a piece as text; called on any thread, with a writer that no other thread uses meanwhile.</param>
/// <param name="done">Called with each piece once its text is written, in order, on the caller's thread.</param>
internal sealed class OrderedText<TWriter, TPiece>(Output output, Action<TWriter, TPiece, Utf8Builder> compose, Action<TPiece> done)
{
    private readonly Queue<Slot> _busy = new();
    private readonly Stack<Slot> _idle = new();

    /// <summary>Adds a writer: so many pieces can be in flight.</summary>
    public void AddWriter(TWriter writer) => _idle.Push(new Slot(writer));

    /// <summary>Hands in the next piece; waits for the oldest one when too many are in flight.</summary>
    public void Add(TPiece piece)
    {
        if (_idle.Count == 0)
            WriteOldest();

        Slot slot = _idle.Pop();
        slot.Piece = piece;
        slot.Task = Task.Run(() =>
        {
            slot.Text.Clear();
            compose(slot.Writer, slot.Piece, slot.Text);
        });
        _busy.Enqueue(slot);
    }

    /// <summary>Waits for all pieces and writes them.</summary>
    public void Finish()
    {
        while (_busy.Count > 0)
            WriteOldest();
    }

    private void WriteOldest()
    {
        Slot slot = _busy.Dequeue();
        slot.Task!.GetAwaiter().GetResult();
        output.Write(slot.Text.Written);
        done(slot.Piece!);
        slot.Piece = default;
        _idle.Push(slot);
    }

    private sealed class Slot(TWriter writer)
    {
        public TWriter Writer => writer;

        public Utf8Builder Text { get; } = new(1 << 16);

        public TPiece? Piece { get; set; }

        public Task? Task { get; set; }
    }
}
