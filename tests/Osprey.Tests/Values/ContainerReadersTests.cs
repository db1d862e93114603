using Osprey.Guests.Osv.Values;
using Osprey.Symbols.Types.Compounds;
using Osprey.Tests.Builders.Dwarf;
using Osprey.Values;
using Osprey.Values.Containers;
using Osprey.Values.Printing;

namespace Osprey.Tests.Values;

/// <summary>Readers of container types that a value space is given.</summary>
public sealed class ContainerReadersTests
{
    private static readonly byte[] s_bytes = [7, 0, 0, 0, 0, 0, 0, 0, 0x10, 0x10, 0, 0, 0, 0, 0, 0, 42, 0, 0, 0];

    private static readonly CompoundType s_box = new TypeBuilder("mylib::box<int>")
        .Add("content", BuiltinTypes.Int)
        .Build();

    [Fact]
    public void Reader_OfOnesOwn_IsGivenThroughTheSpace()
    {
        ContainerReaders readers = ContainerReaders.Standard.With(new BoxReader());

        Assert.Equal("a box = {7}", ValueText.Format(Space(readers).At(s_box, 0x1000)));
        Assert.Equal("{content = 7}", ValueText.Format(Space(null).At(s_box, 0x1000)));
    }

    [Fact]
    public void Reader_OfOnesOwn_OpensDerivedClassesAndIsAskedFirst()
    {
        ContainerReaders readers = ContainerReaders.Standard.With(new BoxReader());
        CompoundType derived = new TypeBuilder("parcel").AddBase(s_box).Build();
        CompoundType vector = new TypeBuilder("std::vector<int>").Add("content", BuiltinTypes.Int).Build();

        Assert.IsType<ContainerView.Wrapper>(Space(readers).At(derived, 0x1000).AsContainer());
        Assert.IsType<ContainerView.Wrapper>(Space(readers).At(vector, 0x1000).AsContainer());
        Assert.Null(Space(null).At(vector, 0x1000).AsContainer());
    }

    [Fact]
    public void RcuPointer_IsReadByOsvsReaderAlone()
    {
        CompoundType atomic = new TypeBuilder("std::atomic<int*>")
            .Add("_M_p", TypeBuilder.Pointer(BuiltinTypes.Int))
            .Build();
        CompoundType type = new TypeBuilder("osv::rcu_ptr<int>").Add("_ptr", atomic).Build();

        Value value = Space(ContainerReaders.Standard.With(new RcuPointerReader())).At(type, 0x1008);
        var pointer = Assert.IsType<ContainerView.Pointer>(value.AsContainer());
        Assert.Equal("osv::rcu_ptr<int>", pointer.Title);
        Assert.Equal(0x1010UL, value.AsPointer());
        Assert.Null(Space(null).At(type, 0x1008).AsContainer());
    }

    private static ValueSpace Space(ContainerReaders? readers) =>
        new(new FakeMemory(0x1000, s_bytes), readers: readers);

    /// <summary>Knows boxes, and vectors better than the standard reader.</summary>
    private sealed class BoxReader : IContainerReader
    {
        public IReadOnlyList<string> Namespaces => ["mylib::", "std::"];

        public bool Matches(CompoundType type) => type.Name is "mylib::box<int>" or "std::vector<int>";

        public ContainerView? Open(Value value, CompoundType type) =>
            value.Member("content") is { } content ? new ContainerView.Wrapper("a box", content) : null;
    }
}
