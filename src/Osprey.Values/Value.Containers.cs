using Osprey.Values.Containers;

namespace Osprey.Values;

/// <content>Values of library types.</content>
public sealed partial class Value
{
    /// <summary>What it stands for, if it is of a library's type; null when it is a plain value.</summary>
    public ContainerView? AsContainer() => ContainerReaders.Open(this);

    /// <summary>
    /// The elements of an array or container, as far as they can be read; of a map, what the keys map to. None for what
    /// holds no elements.
    /// </summary>
    /// <remarks>Who must know whether they are all of them uses <see cref="AsContainer"/> and its walk.</remarks>
    public IEnumerable<Value> Elements()
    {
        foreach (ContainerElement element in Entries())
            yield return element.Value;
    }

    /// <summary>As <see cref="Elements"/>, with keys.</summary>
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
    /// The characters of a string: a library's string, a character array, or what a <c>char *</c> leads to.
    /// </summary>
    /// <param name="maxSize">Most bytes to read.</param>
    /// <returns>Null when it is none of these, or can't be read.</returns>
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
