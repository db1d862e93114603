#include "shapes.hh"
#include "deep.hh"
#include <algorithm>
#include <stdexcept>

namespace shapes {
namespace {

class square final : public shape {
public:
    explicit square(double side) : shape("square"), _side(side) {}
    double area() const override { return _side * _side; }

private:
    double _side;
};

template <typename Number>
class rectangle final : public shape {
public:
    rectangle(Number width, Number height) : shape("rectangle"), _width(width), _height(height)
    {
        if (width < 0 || height < 0)
            throw std::invalid_argument("negative");
    }
    double area() const override { return deep::apply([](Number a, Number b) { return double(a * b); }, _width, _height); }

private:
    Number _width;
    Number _height;
};

__attribute__((noinline)) long seed(int count)
{
    return deep::ladder<6>::climb(count);
}

}

shape::shape(std::string name) : _name(std::move(name)) {}

shape::~shape() = default;

std::vector<std::unique_ptr<shape>> make(int count)
{
    std::vector<std::unique_ptr<shape>> all;
    for (int i = 0; i < count; i++) {
        if ((seed(i) & 3) == 0)
            all.push_back(std::make_unique<square>(i));
        else if (i % 2)
            all.push_back(std::make_unique<rectangle<int>>(i, 2));
        else
            all.push_back(std::make_unique<rectangle<double>>(i, 0.5));
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a->area() < b->area(); });
    return all;
}

double total(const std::vector<std::unique_ptr<shape>>& all)
{
    double sum = 0;
    for (const auto& one : all)
        sum += one->area() + double(one->name().size());
    return sum;
}

}
