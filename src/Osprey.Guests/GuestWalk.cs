using Osprey.Target;
using Osprey.Values;
using Osprey.Values.Containers;

namespace Osprey.Guests;

/// <summary>A pass through one or more of the kernel's lists, which a running guest may change meanwhile.</summary>
/// <remarks>
/// Start with <see cref="Read"/>: it repeats the pass, a few times at most, when it met a defect or the lists' own
/// counters differ afterwards; memory is read anew for that. What is still wrong in the last pass stays in the
/// result's defects.
/// </remarks>
/// <typeparam name="T">An element of the result.</typeparam>
internal sealed class GuestWalk<T>
    where T : class
{
    private const int MaxWalks = 4;
    private const int MaxDefects = 100;

    private readonly List<T> _items = [];
    private readonly List<string> _defects = [];
    private readonly CancellationToken _cancellation;

    private GuestWalk(CancellationToken cancellation) => _cancellation = cancellation;

    /// <summary>The elements so far.</summary>
    public IReadOnlyList<T> Items => _items;

    /// <summary>Reads a list.</summary>
    /// <param name="kernel">
    /// The kernel, whose memory is read anew for another pass, so that it sees what a running guest has then.
    /// </param>
    /// <param name="pass">Makes one pass: calls <see cref="Visit"/> and <see cref="Add"/>.</param>
    /// <param name="cancellation">Ends the pass.</param>
    /// <param name="readVersion">
    /// Reads counters that differ when the lists were changed; null when there are none.
    /// </param>
    /// <param name="whenChanged">The defect when they differed in each pass.</param>
    public static GuestList<T> Read(
        GuestKernel kernel,
        Action<GuestWalk<T>> pass,
        CancellationToken cancellation,
        Func<object>? readVersion = null,
        string whenChanged = "the guest changed the list during each of the walks"
    )
    {
        for (int number = 1; ; number++)
        {
            object? before = readVersion?.Invoke();
            var walk = new GuestWalk<T>(cancellation);
            pass(walk);
            bool isSame = Equals(readVersion?.Invoke(), before);
            if ((!isSame || walk._defects.Count > 0) && number < MaxWalks)
            {
                kernel.Refresh();
                continue;
            }

            if (!isSame && walk._defects.Count == 0)
                walk._defects.Add(whenChanged);

            return new GuestList<T>(walk._items, walk._defects);
        }
    }

    /// <summary>Adds an element.</summary>
    public void Add(T item)
    {
        _cancellation.ThrowIfCancellationRequested();
        _items.Add(item);
    }

    /// <summary>Notes that something is missing, torn or wrong.</summary>
    public void AddDefect(string defect)
    {
        if (_defects.Count < MaxDefects && !_defects.Contains(defect))
            _defects.Add(defect);
    }

    /// <summary>Adds the elements of one of the kernel's containers.</summary>
    /// <param name="list">The container.</param>
    /// <param name="name">Its elements in words, in the plural: "threads".</param>
    /// <param name="limit">The largest number of elements that can be true.</param>
    /// <param name="read">Reads an element; null when it is none or can't be read, which is a defect.</param>
    /// <exception cref="TargetException">It is no container that is understood.</exception>
    public void Visit(Value list, string name, int limit, Func<Value, T?> read)
    {
        int strange = 0;
        foreach (Value element in Enumerate(list, name, limit))
        {
            if (read(element) is { } item)
                Add(item);
            else
                strange++;
        }

        if (strange > 0)
            AddDefect($"{strange} of the {name} can't be read or {(strange == 1 ? "is" : "are")} none");
    }

    /// <summary>
    /// Gives the elements of one of the kernel's containers; one that is torn adds a defect at its end.
    /// </summary>
    /// <param name="list">The container.</param>
    /// <param name="name">Its elements in words, in the plural: "threads".</param>
    /// <param name="limit">The largest number of elements that can be true.</param>
    /// <exception cref="TargetException">It is no container that is understood.</exception>
    public IEnumerable<Value> Enumerate(Value list, string name, int limit)
    {
        if (list.AsContainer() is not ContainerView.Items items)
            throw new TargetException(
                TargetProblem.NotUnderstood,
                $"the kernel's list of {name} is not understood"
                    + (list.Problem is { } problem ? $": {problem.Message}" : "")
            );

        ElementWalk walk = items.Start(limit);
        int given = 0;
        foreach (ContainerElement element in walk.Enumerate())
        {
            _cancellation.ThrowIfCancellationRequested();

            // A vector says how long it is; its walk goes on as long as that, so that a damaged one has no end.
            if (given++ == limit)
            {
                AddDefect($"{name}: stopped after {limit} elements");
                yield break;
            }

            yield return element.Value;
        }

        if (walk.Defect is { } defect)
            AddDefect($"{name}: {defect}");
    }
}
