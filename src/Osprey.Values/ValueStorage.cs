using System.Diagnostics;
using Osprey.Target.Memory;

namespace Osprey.Values;

/// <summary>Where the bytes of an object are. Parts of an object share its storage, each at its offset.</summary>
internal abstract record ValueStorage
{
    private ValueStorage() { }

    /// <summary>Copies bytes of the object, all or none.</summary>
    /// <returns>Why it can't; null when it could.</returns>
    public abstract ValueProblem? Read(IMemoryReader memory, ulong offset, Span<byte> buffer);

    /// <summary>In a guest's memory.</summary>
    /// <param name="Address">Run-time address of the object.</param>
    /// <param name="Ahead">What was read of it before, from its start.</param>
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

    /// <summary>Only here: a constant, the result of a computation, what a register held.</summary>
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

    /// <summary>In several places.</summary>
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

            return covered == end ? null : ValueProblem.OptimizedOut("debug info says where only a part of it is");
        }

        /// <summary>Why the program keeps nothing of a range of bytes; null when it keeps some of it.</summary>
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

            return found ?? ValueProblem.OptimizedOut("debug info says where only a part of it is");
        }
    }

    /// <summary>Nowhere.</summary>
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
