using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Streams;

/// <summary>
/// Composes pieces of text on all cores and gives them back in the order in which they were handed in.
/// </summary>
/// <typeparam name="TWriter">
/// The writers that compose pieces: formatters and their caches, one for each piece in flight.
/// </typeparam>
/// <typeparam name="TPiece">What a piece is composed of.</typeparam>
/// <param name="compose">
/// Writes a piece as text; called on any thread, with a writer that no other thread uses meanwhile.
/// </param>
/// <param name="done">
/// Called with each piece and its text, in order, on the caller's thread; the text is used again afterwards.
/// </param>
internal sealed class OrderedText<TWriter, TPiece>(
    Action<TWriter, TPiece, Utf8Builder> compose,
    Action<TPiece, Utf8Builder> done
)
{
    private readonly Queue<Slot> _busy = new();
    private readonly Stack<Slot> _idle = new();

    /// <summary>Adds a writer: so many pieces can be in flight.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="size">
    /// The bytes that a piece usually becomes: a buffer that grows to it has copied as much, and leaves as much behind.
    /// </param>
    public void AddWriter(TWriter writer, int size) => _idle.Push(new Slot(writer, size));

    /// <summary>Hands in the next piece; waits for the oldest one when too many are in flight.</summary>
    public void Add(TPiece piece)
    {
        if (_idle.Count == 0)
            TakeOldest();

        Slot slot = _idle.Pop();
        slot.Piece = piece;
        slot.Task = Task.Run(() =>
        {
            slot.Text.Clear();
            compose(slot.Writer, slot.Piece, slot.Text);
        });
        _busy.Enqueue(slot);
    }

    /// <summary>Waits for all pieces.</summary>
    public void Finish()
    {
        while (_busy.Count > 0)
            TakeOldest();
    }

    private void TakeOldest()
    {
        Slot slot = _busy.Dequeue();
        slot.Task!.GetAwaiter().GetResult();
        done(slot.Piece!, slot.Text);
        slot.Piece = default;
        _idle.Push(slot);
    }

    private sealed class Slot(TWriter writer, int size)
    {
        public TWriter Writer => writer;

        public Utf8Builder Text { get; } = new(size);

        public TPiece? Piece { get; set; }

        public Task? Task { get; set; }
    }
}
