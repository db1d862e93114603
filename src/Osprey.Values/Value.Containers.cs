using Osprey.Values.Containers;

namespace Osprey.Values;

/// <content>Values of library types.</content>
public sealed partial class Value
{
    private const ulong ShortString = 128; // bytes

    /// <summary>Reads the value as a container or another library type; null when it is a plain value.</summary>
    public ContainerView? AsContainer() => Space.Readers.Open(this);

    /// <summary>
    /// Gives the elements of an array or container, up to the first that cannot be reached; for a map, the values. None
    /// if the value has no elements.
    /// </summary>
    /// <remarks>To learn whether these are all the elements, use <see cref="AsContainer"/> and its walk.</remarks>
    public IEnumerable<Value> Elements()
    {
        foreach (ContainerElement element in Entries())
            yield return element.Value;
    }

    /// <summary>Gives the same elements as <see cref="Elements"/>, with their keys.</summary>
    public IEnumerable<ContainerElement> Entries()
    {
        Value target = Follow();
        if (target.ResolvedType is Symbols.Types.ArrayType { Count: { } count })
        {
            for (ulong i = 0; i < count && i < ElementWalk.MaxBudget; i++)
            {
                if (target.Index((long)i) is { } element)
                    yield return new ContainerElement(null, element);
            }
        }
        else if (target.AsContainer() is ContainerView.Items items)
        {
            foreach (ContainerElement element in items.Start().Enumerate())
                yield return element;
        }
    }

    /// <summary>
    /// Reads a string as UTF-8: of a library's string, a character array, or a pointer to characters.
    /// </summary>
    /// <param name="maxSize">The largest number of bytes to read; a longer string is cut.</param>
    /// <returns>Null when the value is none of these, or cannot be read.</returns>
    public string? AsString(int maxSize = 4096)
    {
        Value target = Follow();
        Value? first = target.Index(0);
        ulong size = (ulong)maxSize;
        bool isTerminated = true;
        if (target.AsContainer() is ContainerView.Text text)
        {
            first = text.First;
            size = Math.Min(text.Length, size);
            isTerminated = false;
        }
        else if (target.ResolvedType is Symbols.Types.ArrayType { Count: { } count })
        {
            size = Math.Min(count, size);
        }

        if (first is null || first.Size != 1 || !first.Type.IsCharacter)
            return null;

        // Most strings are short, and there are many.
        Span<byte> beginning = stackalloc byte[(int)Math.Min(size, ShortString)];
        if (isTerminated && first.Address is { } start)
        {
            int length = beginning[..Space.Memory.Read(start, beginning)].IndexOf((byte)0);
            if (length >= 0)
                return System.Text.Encoding.UTF8.GetString(beginning[..length]);
        }

        byte[] bytes = new byte[(int)size];
        int read =
            first.Address is { } address ? Space.Memory.Read(address, bytes)
            : first.ReadBytes(bytes) is null ? bytes.Length
            : 0;
        int end = isTerminated ? Array.IndexOf(bytes, (byte)0, 0, read) : -1;
        bool isWhole = end >= 0 || read == bytes.Length;
        return isWhole ? System.Text.Encoding.UTF8.GetString(bytes, 0, end >= 0 ? end : read) : null;
    }
}
