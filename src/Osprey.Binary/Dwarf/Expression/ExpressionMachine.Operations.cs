namespace Osprey.Binary.Dwarf.Expression;

/// <content>The single operations.</content>
public sealed partial class ExpressionMachine
{
    private void Execute(DwarfOperation operation, ref ByteReader reader, long start)
    {
        switch (operation)
        {
            case >= DwarfOperation.Literal0 and <= DwarfOperation.Literal31:
                Push((ulong)(operation - DwarfOperation.Literal0));
                break;
            case >= DwarfOperation.Register0 and <= DwarfOperation.Register31:
                _location = new ValueLocation.Register(operation - DwarfOperation.Register0);
                break;
            case >= DwarfOperation.BaseRegister0 and <= DwarfOperation.BaseRegister31:
                PushRegister((ulong)(operation - DwarfOperation.BaseRegister0), _generic, reader.ReadSleb128());
                break;
            case >= DwarfOperation.Const1Unsigned and <= DwarfOperation.ConstSigned:
                Push(ReadConstant(operation, ref reader));
                break;
            case >= DwarfOperation.Duplicate and <= DwarfOperation.Rotate:
                MoveValues(operation, ref reader);
                break;
            case DwarfOperation.Absolute or DwarfOperation.Negate or DwarfOperation.Not:
                ApplyToOne(operation, ref reader);
                break;
            case DwarfOperation.PlusConst:
                Push(reader.ReadUleb128());
                ApplyToTwo(DwarfOperation.Plus, ref reader);
                break;
            case >= DwarfOperation.And and <= DwarfOperation.Xor:
            case >= DwarfOperation.Equal and <= DwarfOperation.NotEqual:
                ApplyToTwo(operation, ref reader);
                break;
            case DwarfOperation.RegisterNumber:
                _location = new ValueLocation.Register(ToRegister(reader.ReadUleb128()));
                break;
            case DwarfOperation.BaseRegisterNumber:
                ulong number = reader.ReadUleb128();
                PushRegister(number, _generic, reader.ReadSleb128());
                break;
            case DwarfOperation.Piece:
                AddPiece(ref reader, reader.ReadUleb128(), 8, 0);
                break;
            case DwarfOperation.BitPiece:
                ulong bits = reader.ReadUleb128();
                AddPiece(ref reader, bits, 1, reader.ReadUleb128());
                break;
            case DwarfOperation.StackValue:
                StackValue value = Pop(ref reader);
                _location = value.Missing ?? new ValueLocation.Value(value.Bits);
                break;
            case DwarfOperation.ImplicitPointer or DwarfOperation.GnuImplicitPointer:
                ulong entry = ReadReference(ref reader);
                _location = new ValueLocation.ImplicitPointer(entry, reader.ReadSleb128());
                break;
            case DwarfOperation.NoOperation or DwarfOperation.GnuUninitialized:
                break;
            case >= DwarfOperation.ConstType and <= DwarfOperation.Reinterpret:
            case >= DwarfOperation.GnuConstType and <= DwarfOperation.GnuReinterpret when (byte)operation != 0xf8:
                ExecuteTyped(operation, ref reader);
                break;
            default:
                ExecuteOnContext(operation, ref reader, start);
                break;
        }
    }

    /// <summary>Executes an operation that needs the context.</summary>
    private void ExecuteOnContext(DwarfOperation operation, ref ByteReader reader, long start)
    {
        switch (operation)
        {
            case DwarfOperation.Address:
                ulong linkAddress = reader.ReadUnsigned(_encoding.AddressSize);
                Push(IsTlsNext(reader) ? linkAddress : _context.ToAddress(linkAddress));
                break;
            case DwarfOperation.AddressIndex or DwarfOperation.GnuAddressIndex:
                PushIndexed(reader.ReadUleb128(), !IsTlsNext(reader));
                break;
            case DwarfOperation.ConstIndex or DwarfOperation.GnuConstIndex:
                PushIndexed(reader.ReadUleb128(), false);
                break;
            case DwarfOperation.Dereference:
                PushMemory(Pop(ref reader), _encoding.AddressSize, _generic);
                break;
            case DwarfOperation.DereferenceSize:
                int size = reader.ReadByte();
                if (size == 0 || size > _encoding.AddressSize)
                    reader.ThrowBad($"a value of {size} bytes");

                PushMemory(Pop(ref reader), size, _generic);
                break;
            case DwarfOperation.FrameBase:
                long offset = reader.ReadSleb128();
                bool hasBase = _context.TryGetFrameBase(out ulong frameBase, out string? reason);
                PushAnswer(
                    hasBase,
                    unchecked(frameBase + (ulong)offset),
                    new ValueLocation.Unavailable(reason ?? "the frame's base is not known")
                );
                break;
            case DwarfOperation.CallFrameCfa:
                bool hasCfa = _context.TryGetCanonicalFrameAddress(out ulong cfa, out reason);
                PushAnswer(hasCfa, cfa, new ValueLocation.Unavailable(reason ?? "the frame's CFA is not known"));
                break;
            case DwarfOperation.PushObjectAddress:
                bool hasObject = _context.TryGetObjectAddress(out ulong address, out reason);
                PushAnswer(
                    hasObject,
                    address,
                    new ValueLocation.Unavailable(reason ?? "the object's address is not known")
                );
                break;
            case DwarfOperation.FormTlsAddress or DwarfOperation.GnuPushTlsAddress:
                StackValue tlsOffset = Pop(ref reader);
                if (tlsOffset.Missing is not null)
                {
                    Push(tlsOffset);
                    break;
                }

                bool hasTls = _context.TryGetThreadLocalAddress(tlsOffset.Bits, out address, out reason);
                PushAnswer(
                    hasTls,
                    address,
                    new ValueLocation.Unavailable(reason ?? "the thread's storage is not known")
                );
                break;
            case DwarfOperation.GnuParameterReference:
                bool hasParameter = _context.TryGetParameterValue(reader.ReadUInt32(), out ulong parameter, out reason);
                PushAnswer(
                    hasParameter,
                    parameter,
                    new ValueLocation.OptimizedOut(reason ?? "what the caller passed for it is not known")
                );
                break;
            case DwarfOperation.GnuVariableValue:
                ulong variable = ReadReference(ref reader);
                PushMissing($"the variable at 0x{variable:x} that it depends on can't be read");
                break;
            case DwarfOperation.DereferenceInSpace
            or DwarfOperation.DereferenceSizeInSpace
            or DwarfOperation.DereferenceTypeInSpace:
                _failure = new ValueLocation.Unavailable("it is in an address space that this processor does not have");
                break;
            default:
                // Its operands are not known either, so execution cannot go on. This is not an error of the file:
                // vendors may add operations.
                _failure = new ValueLocation.Unavailable(
                    $"operation 0x{(byte)operation:x} at {start} of its expression is not known"
                );
                break;
        }
    }

    private void ExecuteTyped(DwarfOperation operation, ref ByteReader reader)
    {
        switch (operation)
        {
            case DwarfOperation.ConstType or DwarfOperation.GnuConstType:
                bool isKnown = TryGetType(reader.ReadUleb128(), out ExpressionType type);
                ReadOnlySpan<byte> bytes = reader.ReadBytes(reader.ReadByte());
                if (!isKnown || bytes.Length != type.Size)
                    PushMissing($"a constant of {bytes.Length} bytes, of a type that is not known here");
                else
                    Push(
                        StackValue.Of(
                            new ByteReader(bytes, SourceName, 0, _isBigEndian).ReadUnsigned(bytes.Length),
                            type
                        )
                    );

                break;
            case DwarfOperation.RegisterType or DwarfOperation.GnuRegisterType:
                ulong number = reader.ReadUleb128();
                if (TryGetType(reader.ReadUleb128(), out type))
                    PushRegister(number, type, 0);
                else
                    PushMissing($"register {number} in a type that is not known here");

                break;
            case DwarfOperation.DereferenceType or DwarfOperation.GnuDereferenceType:
                int size = reader.ReadByte();
                StackValue address = Pop(ref reader);
                if (TryGetType(reader.ReadUleb128(), out type) && type.Size == size)
                    PushMemory(address, size, type);
                else
                    PushMissing($"a value of {size} bytes, of a type that is not known here");

                break;
            case DwarfOperation.DereferenceTypeInSpace:
                _failure = new ValueLocation.Unavailable("it is in an address space that this processor does not have");
                break;
            default:
                Retype(operation, ref reader);
                break;
        }
    }

    private void Retype(DwarfOperation operation, ref ByteReader reader)
    {
        bool isReinterpretation = operation is DwarfOperation.Reinterpret or DwarfOperation.GnuReinterpret;
        ulong offset = reader.ReadUleb128();
        StackValue value = Pop(ref reader);
        if (value.Missing is not null)
            Push(value);
        else if (!TryGetType(offset, out ExpressionType type) || (isReinterpretation && type.Size != value.Type.Size))
            PushMissing("a value in a type that is not known here");
        else
            Push(isReinterpretation ? value with { Type = type } : ExpressionArithmetic.Convert(value, type));
    }

    /// <summary>Finds the base type at an offset in the unit; offset 0 is the generic type.</summary>
    private bool TryGetType(ulong unitOffset, out ExpressionType type)
    {
        type = _generic;
        if (unitOffset == 0)
            return true;

        return _context.TryGetBaseType(unitOffset, out type)
            && (type.Kind == ExpressionTypeKind.Float ? type.Size is 4 or 8 : type.Size is >= 1 and <= 8);
    }

    private static ulong ReadConstant(DwarfOperation operation, ref ByteReader reader) =>
        unchecked(
            operation switch
            {
                DwarfOperation.Const1Unsigned => reader.ReadByte(),
                DwarfOperation.Const1Signed => (ulong)reader.ReadSByte(),
                DwarfOperation.Const2Unsigned => reader.ReadUInt16(),
                DwarfOperation.Const2Signed => (ulong)(short)reader.ReadUInt16(),
                DwarfOperation.Const4Unsigned => reader.ReadUInt32(),
                DwarfOperation.Const4Signed => (ulong)reader.ReadInt32(),
                DwarfOperation.Const8Unsigned or DwarfOperation.Const8Signed => reader.ReadUInt64(),
                DwarfOperation.ConstUnsigned => reader.ReadUleb128(),
                _ => (ulong)reader.ReadSleb128(),
            }
        );

    private void MoveValues(DwarfOperation operation, ref ByteReader reader)
    {
        int depth = operation switch
        {
            DwarfOperation.Pick => reader.ReadByte(),
            DwarfOperation.Over or DwarfOperation.Swap => 1,
            DwarfOperation.Rotate => 2,
            _ => 0,
        };
        if (depth >= _count)
            reader.ThrowBad($"an operation on value {depth} of a stack of {_count}");

        switch (operation)
        {
            case DwarfOperation.Drop:
                _count--;
                break;
            case DwarfOperation.Swap:
                (_stack[_count - 1], _stack[_count - 2]) = (_stack[_count - 2], _stack[_count - 1]);
                break;
            case DwarfOperation.Rotate:
                (_stack[_count - 1], _stack[_count - 2], _stack[_count - 3]) = (
                    _stack[_count - 2],
                    _stack[_count - 3],
                    _stack[_count - 1]
                );
                break;
            default:
                Push(_stack[_count - 1 - depth]);
                break;
        }
    }

    private void ApplyToOne(DwarfOperation operation, ref ByteReader reader)
    {
        StackValue value = Pop(ref reader);
        if (value.Missing is not null)
            Push(value);
        else if (ExpressionArithmetic.TryApply(operation, value) is { } result)
            Push(result);
        else
            reader.ThrowBad($"operation 0x{(byte)operation:x} on a value of another kind");
    }

    private void ApplyToTwo(DwarfOperation operation, ref ByteReader reader)
    {
        StackValue right = Pop(ref reader);
        StackValue left = Pop(ref reader);
        if (left.Missing is not null || right.Missing is not null)
        {
            Push(left.Missing is not null ? left : right);
            return;
        }

        bool isShift = operation is >= DwarfOperation.ShiftLeft and <= DwarfOperation.ShiftRightArithmetic;
        if (!isShift && left.Type != right.Type)
        {
            // Compilers mix the generic type with integers of the same size.
            if (
                left.Type.Size != right.Type.Size
                || left.Type.Kind == ExpressionTypeKind.Float
                || right.Type.Kind == ExpressionTypeKind.Float
            )
                reader.ThrowBad($"operation 0x{(byte)operation:x} on values of two types");

            if (left.Type.Kind == ExpressionTypeKind.Generic)
                left = left with { Type = right.Type };
        }

        if (ExpressionArithmetic.TryApply(operation, left, right, _generic) is { } result)
            Push(result);
        else if (operation is DwarfOperation.Divide or DwarfOperation.Modulo && right.Bits == 0)
            PushMissing("its expression divides by zero");
        else
            reader.ThrowBad($"operation 0x{(byte)operation:x} on values of another kind");
    }

    private void PushRegister(ulong number, ExpressionType type, long offset)
    {
        int register = ToRegister(number);
        if (_context.TryReadRegister(register, out ulong value))
            Push(StackValue.Of(unchecked(value + (ulong)offset), type));
        else
            Push(
                new StackValue(
                    0,
                    type,
                    new ValueLocation.Unavailable($"{_context.DescribeRegister(register)} is not known")
                )
            );
    }

    private static int ToRegister(ulong number) =>
        number <= int.MaxValue
            ? (int)number
            : throw new BadDataException(SourceName, 0, $"register {number} is over 31 bits");

    private void PushIndexed(ulong index, bool isAddress)
    {
        bool isKnown = _context.TryGetAddressAt(index, out ulong value, out string? reason);
        PushAnswer(
            isKnown,
            isKnown && isAddress ? _context.ToAddress(value) : value,
            new ValueLocation.Unavailable(reason ?? $"address {index} of its unit is not known")
        );
    }

    /// <summary>
    /// True when the operand just read is the offset of a thread-local, which does not move with the module.
    /// </summary>
    private static bool IsTlsNext(ByteReader reader) =>
        !reader.IsAtEnd
        && (DwarfOperation)reader.ReadByte() is DwarfOperation.FormTlsAddress or DwarfOperation.GnuPushTlsAddress;

    private void AddPiece(ref ByteReader reader, ulong size, ulong unit, ulong bitOffset)
    {
        if (_pieces.Count >= _limits.MaxExpressionPieces || size > long.MaxValue / 8)
            reader.ThrowBad($"a piece of size {size} behind {_pieces.Count} others");

        _pieces.Add(new LocationPiece(TakeLocation(), size * unit, bitOffset));
    }
}
