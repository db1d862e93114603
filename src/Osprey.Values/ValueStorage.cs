using System.Diagnostics;
using Osprey.Target.Memory;

namespace Osprey.Values;

/// <summary>The place of an object's bytes. Parts of an object share its storage, each at an offset.</summary>
internal abstract record ValueStorage
{
    private ValueStorage() { }

    /// <summary>Copies bytes of the object, as many as the buffer holds.</summary>
    /// <returns>The reason why not all of them can be read; null when they were copied.</returns>
    public abstract ValueProblem? Read(IMemoryReader memory, ulong offset, Span<byte> buffer);

    /// <summary>Storage in the guest's memory.</summary>
    /// <param name="Address">The run-time address of the object.</param>
    /// <param name="Ahead">The object's first bytes, if they were read already.</param>
    public sealed record Memory(ulong Address, ReadOnlyMemory<byte> Ahead = default) : ValueStorage
    {
        /// <inheritdoc/>
        public override ValueProblem? Read(IMemoryReader memory, ulong offset, Span<byte> buffer)
        {
            if (offset <= (ulong)Ahead.Length && (ulong)buffer.Length <= (ulong)Ahead.Length - offset)
            {
                Ahead.Span.Slice((int)offset, buffer.Length).CopyTo(buffer);
                return null;
            }

            ulong from = unchecked(Address + offset);
            int count = memory.Read(from, buffer);
            return count == buffer.Length ? null : ValueProblem.Unreadable(unchecked(from + (ulong)count));
        }
    }

    /// <summary>
    /// Storage in our own memory: a constant, the result of a computation, the content of a register.
    /// </summary>
    public sealed record Bytes(ReadOnlyMemory<byte> Content) : ValueStorage
    {
        /// <inheritdoc/>
        public override ValueProblem? Read(IMemoryReader memory, ulong offset, Span<byte> buffer)
        {
            if (offset > (ulong)Content.Length || (ulong)buffer.Length > (ulong)Content.Length - offset)
                return ValueProblem.NotKnown("there are fewer bytes than its type has");

            Content.Span.Slice((int)offset, buffer.Length).CopyTo(buffer);
            return null;
        }
    }

    /// <summary>Storage in several places.</summary>
    public sealed record Pieces(IReadOnlyList<StoragePiece> Parts) : ValueStorage
    {
        /// <inheritdoc/>
        public override ValueProblem? Read(IMemoryReader memory, ulong offset, Span<byte> buffer)
        {
            buffer.Clear();
            UInt128 start = (UInt128)offset * 8;
            UInt128 end = start + ((UInt128)buffer.Length * 8);
            UInt128 partStart = 0;
            UInt128 covered = start;
            foreach (StoragePiece part in Parts)
            {
                UInt128 partEnd = partStart + part.BitSize;
                UInt128 from = UInt128.Max(start, partStart);
                UInt128 to = UInt128.Min(end, partEnd);
                if (from < to)
                {
                    if (
                        part.Read(memory, (ulong)(from - partStart), buffer, (int)(from - start), (int)(to - from)) is
                        { } problem
                    )
                        return problem;

                    covered = to;
                }

                partStart = partEnd;
            }

            return covered == end ? null : ValueProblem.OptimizedOut("debug info gives the place of only a part of it");
        }

        /// <summary>
        /// Finds the reason why the program stores no part of a range of bytes; null when it stores some part.
        /// </summary>
        public ValueProblem? FindProblemOfAll(ulong offset, ulong size)
        {
            UInt128 start = (UInt128)offset * 8;
            UInt128 end = start + ((UInt128)size * 8);
            UInt128 partStart = 0;
            ValueProblem? found = null;
            foreach (StoragePiece part in Parts)
            {
                UInt128 partEnd = partStart + part.BitSize;
                if (partStart < end && partEnd > start)
                {
                    if (part.Storage is not Missing { Problem: { Kind: ValueProblemKind.OptimizedOut } problem })
                        return null;

                    found ??= problem;
                }

                partStart = partEnd;
            }

            return found ?? ValueProblem.OptimizedOut("debug info gives the place of only a part of it");
        }
    }

    /// <summary>No storage: the value is not available.</summary>
    public sealed record Missing(ValueProblem Problem) : ValueStorage
    {
        /// <inheritdoc/>
        public override ValueProblem? Read(IMemoryReader memory, ulong offset, Span<byte> buffer)
        {
            Debug.Assert(Problem is not null);
            return Problem;
        }
    }
}
