using Osprey.Binary;
using Osprey.Binary.Dwarf.Expression;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Variables;
using Osprey.Target.Architectures;
using Osprey.Target.Unwinding;

namespace Osprey.Values;

/// <summary>Makes the values of variables.</summary>
internal static class VariableReader
{
    private const int MaxDwarfRegisters = 128;
    private const int MaxDimensions = 32;

    /// <summary>The problem of a variable whose place debug info does not give.</summary>
    public static ValueProblem NoLocation { get; } = ValueProblem.OptimizedOut("debug info does not say where it is");

    /// <summary>Makes the value of a variable that is not local to a function.</summary>
    public static Value Read(ValueSpace space, ValueModule module, DebugVariable variable)
    {
        switch (variable.Location)
        {
            case VariableLocation.Static there:
                return space.At(variable.Type, module.Bias.ToAddress(there.LinkAddress));
            case VariableLocation.ThreadLocal local:
                return module.ThreadLocals?.Invoke(local.Offset) is { } address
                    ? space.At(variable.Type, address)
                    : space.Missing(
                        variable.Type,
                        ValueProblem.NotKnown($"{variable.Name} is thread-local, and no thread is selected that has it")
                    );
            case VariableLocation.Constant constant:
                return space.FromBytes(variable.Type, constant.Bytes);
            case VariableLocation.Expression:
                var nowhere = new StackFrame(
                    new FrameAddress(0, false),
                    new RegisterSet(space.Architecture),
                    null,
                    FrameOrigin.Start
                );
                return Read(
                    space,
                    new FrameExpressionContext(nowhere, space.Memory, module.Bias)
                    {
                        ThreadLocals = module.ThreadLocals,
                    },
                    variable
                );
            default:
                return space.Missing(variable.Type, NoLocation);
        }
    }

    /// <summary>Makes the value of a variable in a frame.</summary>
    public static Value Read(ValueSpace space, FrameExpressionContext frame, DebugVariable variable)
    {
        try
        {
            return Assemble(
                space,
                frame,
                ResolveBounds(space, frame, variable.Type, 0),
                frame.Locate(variable.Location)
            );
        }
        catch (BadDataException e)
        {
            return space.Missing(variable.Type, ValueProblem.NotKnown(e.Message));
        }
    }

    /// <summary>Gets the type with the lengths that its arrays have in this frame.</summary>
    private static DebugType? ResolveBounds(ValueSpace space, FrameExpressionContext frame, DebugType? type, int depth)
    {
        if (type is not ArrayType array || depth >= MaxDimensions)
            return type;

        DebugType element = ResolveBounds(space, frame, array.Element, depth + 1)!;
        ulong? count = array.Count;
        if (array.Bound is { } bound && TryReadBound(space, frame, bound, out long length))
            count = (ulong)Math.Max(length, 0);

        return element == array.Element && count == array.Count ? type : new ArrayType(() => element, count);
    }

    private static bool TryReadBound(ValueSpace space, FrameExpressionContext frame, ArrayBound bound, out long length)
    {
        bool isKnown;
        length = 0;
        if (bound is ArrayBound.Variable variable)
        {
            isKnown = Read(space, frame, variable.Holder).TryGetInt64(out length);
        }
        else
        {
            isKnown = frame.TryEvaluate(((ArrayBound.Expression)bound).Value, out ulong value, out _);
            length = unchecked((long)value);
        }

        length = unchecked(length + bound.Addend);
        return isKnown;
    }

    private static Value Assemble(
        ValueSpace space,
        FrameExpressionContext frame,
        DebugType? type,
        IReadOnlyList<LocationPiece> pieces
    )
    {
        ulong size = space.GetSize(type) ?? 0;
        if (pieces is [{ BitSize: null } whole])
            return new Value(space, type, Store(frame, whole.Location, size));

        var parts = new List<StoragePiece>(pieces.Count);
        foreach (LocationPiece piece in pieces)
            parts.Add(
                new StoragePiece(
                    Store(frame, piece.Location, ((piece.BitSize ?? 0) + piece.BitOffset + 7) / 8),
                    piece.BitSize ?? (size * 8),
                    piece.BitOffset
                )
            );

        return new Value(space, type, new ValueStorage.Pieces(parts));
    }

    private static ValueStorage Store(FrameExpressionContext frame, ValueLocation location, ulong size)
    {
        switch (location)
        {
            case ValueLocation.Memory memory:
                return new ValueStorage.Memory(memory.Address);
            case ValueLocation.Register { Number: >= 0 and < MaxDwarfRegisters } register when size <= sizeof(ulong):
                return frame.TryReadRegister(register.Number, out ulong value)
                    ? Store(value)
                    : new ValueStorage.Missing(
                        ValueProblem.NotKnown($"{frame.DescribeRegister(register.Number)} is not known in this frame")
                    );
            case ValueLocation.Register register:
                return new ValueStorage.Missing(ValueProblem.NotKnown($"register {register.Number} is not supported"));
            case ValueLocation.Implicit bytes:
                return new ValueStorage.Bytes(bytes.Bytes);
            case ValueLocation.Value computed:
                return Store(computed.Bits);
            case ValueLocation.ImplicitPointer:
                return new ValueStorage.Missing(ValueProblem.OptimizedOut("the pointer was optimised away"));
            case ValueLocation.OptimizedOut gone:
                return new ValueStorage.Missing(ValueProblem.OptimizedOut(gone.Reason));
            case ValueLocation.Unavailable missing:
                return new ValueStorage.Missing(ValueProblem.NotKnown(missing.Reason));
            default:
                return new ValueStorage.Missing(NoLocation);
        }
    }

    private static ValueStorage.Bytes Store(ulong value)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return new ValueStorage.Bytes(bytes);
    }
}
