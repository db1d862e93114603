using Osprey.Target;
using Osprey.Tests.Builders.Btf;
using Osprey.Tests.Builders.Guests;
using Osprey.Values;
using Osprey.Values.Expressions;
using Osprey.Values.Printing;

namespace Osprey.Tests.Values;

/// <summary>Expressions over lists and trees that are linked by members of their elements.</summary>
public sealed class WalkExpressionTests
{
    private readonly FakeLinux _linux = new(8192);
    private readonly ulong[] _things;
    private readonly ulong _head;
    private readonly ulong _hashHead;
    private readonly ulong _root;

    public WalkExpressionTests()
    {
        BtfBuilder types = _linux.Types;
        uint word = types.Integer("unsigned long", 8);
        uint number = types.Integer("int", 4, BtfBuilder.Signed);
        uint list = types.Struct("list_head", 16, ("next", word, 0, 0), ("prev", word, 64, 0));
        uint inner = types.Struct("inner", 8, ("a", number, 0, 0), ("b", number, 32, 0));
        uint pair = types.Array(number, 2, number);
        types.Struct(
            "thing",
            72,
            ("number", number, 0, 0),
            ("in", inner, 32, 0),
            ("pair", pair, 96, 0),
            ("list", list, 192, 0),
            ("hash", list, 320, 0),
            ("tree", list, 448, 0)
        );
        _head = _linux.Allocate(16);
        _hashHead = _linux.Allocate(8);
        _root = _linux.Allocate(8);
        _things = [.. Enumerable.Range(0, 3).Select(_ => _linux.Allocate(96))];
        for (int i = 0; i < 3; i++)
        {
            _linux.Write(_things[i], (uint)(10 + i));
            _linux.Write(_things[i] + 8, (uint)(20 + i));
            _linux.Write(_things[i] + 24, i < 2 ? _things[i + 1] + 24 : _head);
            _linux.Write(_things[i] + 40, i < 2 ? _things[i + 1] + 40 : 0);
        }

        _linux.Write(_head, _things[0] + 24);
        _linux.Write(_hashHead, _things[0] + 40);
        _linux.Write(_root, _things[1] + 56); // parent, right and left
        _linux.Write(_things[1] + 56 + 8, _things[0] + 56);
        _linux.Write(_things[1] + 56 + 16, _things[2] + 56);
    }

    [Theory]
    [InlineData("offsetof(struct thing, in.b)", "8")]
    [InlineData("offsetof(struct thing, list.prev)", "32")]
    [InlineData("offsetof(struct thing, pair[1])", "16")]
    [InlineData("2 * offsetof(struct thing, list) + 1", "49")]
    [InlineData("list_of(HEAD, struct thing, list, number)", "{10, 11, 12}")]
    [InlineData("list_of(*(struct list_head *)HEAD, struct thing, list, in.b)", "{20, 21, 22}")]
    [InlineData("list_of(HEAD, struct thing, list)[2]->number", "12")]
    [InlineData("hlist_of(HASH, struct thing, hash, number)", "{10, 11, 12}")]
    [InlineData("rbtree_of(ROOT, struct thing, tree, number)", "{12, 11, 10}")]
    [InlineData("container_of(THING0 + 24, struct thing, list)->number", "10")]
    [InlineData("container_of(&((struct thing *)THING1)->in.b, struct thing, in.b)->in", "{a = 0, b = 21}")]
    [InlineData("sizeof(struct thing)", "72")]
    public void Expression_HasItsValue(string text, string value) => Assert.Equal(value, Evaluate(text));

    [Theory]
    [InlineData("offsetof(struct thing, numbr)", "There is no member named numbr. Did you mean \"number\"?")]
    [InlineData("offsetof(struct thing number)", "A syntax error in expression, near `number)'.")]
    [InlineData("container_of(1, struct thing)", "A syntax error in expression, near `)'.")]
    [InlineData("list_of(8, struct thing, list)", "The links are torn after 0 elements: 0x8 can't be read.")]
    [InlineData("offsetof(1, 2)", "A syntax error in expression, near `1, 2)'.")]
    [InlineData("offsetof", "No symbol \"offsetof\" in current context.")]
    public void Mistake_IsSaid(string text, string message) =>
        Assert.Equal(message, Assert.Throws<ExpressionException>(() => Evaluate(text)).Message);

    [Theory]
    [InlineData("per_cpu(THING, 1).number", "11")]
    [InlineData("per_cpu(THING.number)", "{10, 11, 12}")]
    [InlineData("xarray_of(8, struct thing)[1]->number", "12")]
    [InlineData("maple_of(8, struct thing, in.b)", "{20, 22}")]
    public void WordOfTheSystem_HasItsValue(string text, string value) =>
        Assert.Equal(value, Evaluate(text, new Words(_things)));

    [Theory]
    [InlineData("per_cpu(THING, 3)", "There is no CPU 3.")]
    [InlineData("per_cpu(THING, struct thing)", "struct thing is a type, not a value.")]
    [InlineData("xarray_of(9, struct thing)", "There are no entries at 9.")]
    [InlineData("xarray_of(8)", "A syntax error in expression, near `)'.")]
    [InlineData("maple_of(8, struct thing, numbr)", "There is no member named numbr. Did you mean \"number\"?")]
    public void MistakeWithAWordOfTheSystem_IsSaid(string text, string message) =>
        Assert.Equal(message, Assert.Throws<ExpressionException>(() => Evaluate(text, new Words(_things))).Message);

    [Fact]
    public void WordOfTheSystem_WithoutASystem_IsNone() =>
        Assert.Equal(
            "No symbol \"xarray_of\" in current context.",
            Assert.Throws<ExpressionException>(() => Evaluate("xarray_of(8, struct thing)")).Message
        );

    [Fact]
    public void List_ThatRunsInACircle_IsSaid()
    {
        _linux.Write(_things[2] + 24, _things[1] + 24);
        Assert.Equal(
            $"The links are torn after 3 elements: 0x{_things[1] + 24:x} comes again.",
            Assert.Throws<ExpressionException>(() => Evaluate("list_of(HEAD, struct thing, list)")).Message
        );
    }

    [Fact]
    public void Tree_ThatRunsInACircle_IsSaid()
    {
        _linux.Write(_things[2] + 56 + 16, _things[1] + 56);
        ExpressionException exception = Assert.Throws<ExpressionException>(() =>
            Evaluate("rbtree_of(ROOT, struct thing, tree)")
        );
        Assert.StartsWith("The links are torn after ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list_of(HEAD, struct thing, list)")]
    [InlineData("list_of(HEAD, struct thing, list, number)")]
    [InlineData("hlist_of(HASH, struct thing, hash, pair)")]
    [InlineData("rbtree_of(ROOT, struct thing, tree)")]
    [InlineData("xarray_of(16, struct thing)")]
    [InlineData("maple_of(16, struct thing, in)")]
    public void NoElements_AreAnArrayOfNone(string text)
    {
        _linux.Write(_head, _head);
        _linux.Write(_hashHead, 0UL);
        _linux.Write(_root, 0UL);
        Assert.Equal("{}", Evaluate(text, new Words(_things)));
        foreach (string element in new[] { "[0]", "[0].number", "[-1]", "[7]->number" })
            Assert.Equal(
                "There are no elements.",
                Assert.Throws<ExpressionException>(() => Evaluate(text + element, new Words(_things))).Message
            );
    }

    private string Evaluate(string text, ISystemWords? words = null)
    {
        ValueSpace kernel = _linux.ToKernel().Values;
        var space = new ValueSpace(kernel.Memory, kernel.Modules) { SystemWords = words };
        string expression = text.Replace("HEAD", $"0x{_head:x}", StringComparison.Ordinal)
            .Replace("HASH", $"0x{_hashHead:x}", StringComparison.Ordinal)
            .Replace("ROOT", $"0x{_root:x}", StringComparison.Ordinal)
            .Replace("THING0", $"0x{_things[0]:x}", StringComparison.Ordinal)
            .Replace("THING1", $"0x{_things[1]:x}", StringComparison.Ordinal)
            .Replace("THING", $"(*(struct thing *)0x{_things[0]:x})", StringComparison.Ordinal);
        return ValueText.Format(ValueExpression.Evaluate(expression, space));
    }

    /// <summary>Three CPUs, each with a thing for its copy, and one tree, at 8, of the first and the last.</summary>
    private sealed class Words(ulong[] things) : ISystemWords
    {
        public IReadOnlyList<(int Cpu, Value Value)> FindCopies(Value variable) =>
            [
                .. things.Select(
                    (thing, cpu) =>
                        (cpu, variable.Space.At(variable.Type, variable.Address!.Value + (thing - things[0])))
                ),
            ];

        public IReadOnlyList<ulong> ListPointers(PointerTreeKind kind, ulong tree) =>
            tree switch
            {
                8 => [things[0], things[2]],
                16 => [],
                _ => throw new TargetException(TargetProblem.NotUnderstood, $"There are no entries at {tree}"),
            };
    }
}
