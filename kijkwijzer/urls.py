from django.urls import path

from kijkwijzer.views import goals, looking, observing, reach, results

urlpatterns = [
    path("kijkwijzer/", looking.terugblikken, name="terugblikken"),
    path("kijkwijzer/leeg/", looking.empty_form, name="empty_form"),
    path("kijkwijzer/groei/", results.growth_page, name="growth"),
    path("kijkwijzer/oefenpunt/", goals.goal_page, name="goals"),
    path("kijkwijzer/oefenpunt/klaar/", goals.end_goal, name="end_goal"),
    path("kijkwijzer/meekijken/", observing.observers, name="observers"),
    path("kijkwijzer/meekijken/<int:pk>/", observing.observe, name="observe"),
    path("kijkwijzer/meekijken/<int:pk>/antwoord/", observing.answer_observe, name="answer_observe"),
    path("kijkwijzer/meekijken/<int:pk>/invullen/", observing.score_colleague, name="score_colleague"),
    path("kijkwijzer/meekijken/<int:pk>/besproken/", observing.parents_agree, name="parents_agree"),
    path("kijkwijzer/meekijken/<int:pk>/intrekken/", observing.withdraw_observer, name="withdraw_observer"),
    path("kijkwijzer/delen/<int:pk>/intrekken/", results.withdraw_sharing, name="withdraw_sharing"),
    path("kijkwijzer/<int:pk>/", results.terugblik, name="terugblik"),
    path("kijkwijzer/<int:pk>/oefenen/", results.choose_practice, name="choose_practice"),
    path("kijkwijzer/<int:pk>/pdf/", results.terugblik_pdf, name="terugblik_pdf"),
    path("kijkwijzer/<int:pk>/naast-elkaar/", results.side_by_side, name="side_by_side"),
    path("kijkwijzer/<int:pk>/delen/", results.share, name="share_terugblik"),
    path("gesprek/<int:pk>/terugblik/", looking.look_back, name="look_back"),
    path("gesprek/<int:pk>/meekijken/", observing.ask_observer, name="ask_observer"),
    path("overzicht/", reach.overview, name="overview"),
    path("overzicht/<int:pk>/xlsx/", reach.overview_xlsx, name="overview_xlsx"),
]
